#include <algorithm>
#include <ostream>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "base/config/files.h"
#include "base/tls/certificate.h"
#include "certs/cli/making.h"
#include "certs/export/stores.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  fs::path certificate;
  fs::path key;
  fs::path out;
  std::string format;
  std::string compat;
  std::string alias = "sallyport";
  fs::path password;
  bool force = false;
  bool dry_run = false;
};

/// The key beside the certificate, unless another was named; null where a store of trust is made.
Result<openssl::Pkey> key_for(const Wanted& wanted, const X509& leaf) {
  auto file =
      wanted.key.empty() ? fs::path{wanted.certificate}.replace_extension(".key") : wanted.key;
  std::error_code error;
  const bool trust_only =
      wanted.format == "p12-truststore" ||
      (wanted.format == "jks" && wanted.key.empty() && !fs::exists(file, error));
  if (trust_only) return openssl::Pkey{};
  const auto secret = TRY(config::read_secret_file(file));
  auto key = TRY(parse_key(secret, {}).within(file.string()));
  if (::X509_check_private_key(const_cast<X509*>(&leaf), key.get()) != 1)
    return openssl::failure(file.string() + " is not the key of " + wanted.certificate.string(),
                            Code::invalid_input);
  return key;
}

Result<Bundle> bundle_of(const Wanted& wanted) {
  const auto content = TRY(given(config::read_file(wanted.certificate)));
  Bundle bundle;
  bundle.chain = TRY(tls::parse_chain(bytes::text(content)).within(wanted.certificate.string()));
  bundle.key = TRY(key_for(wanted, *bundle.chain.front()));
  bundle.alias = wanted.alias;
  return bundle;
}

/// A new one of 144 bits, told once.
Secret new_password(Context& context) {
  const auto text = bytes::base64url(context.random.bytes<18>());
  context.err << "password: " << text << "\n";
  return Secret::copy_of(bytes::of(text));
}

Result<Secret> packed(const Wanted& wanted, const Bundle& bundle, const Secret& password,
                      Context& context) {
  if (wanted.format == "jks") return jks(bundle, password, context.clock.now(), context.random);
  if (wanted.format == "p12-truststore") return pkcs12_truststore(bundle, password);
  return pkcs12(bundle, password, wanted.compat.empty() ? Compat::modern : Compat::windows_2016);
}

/// Key and chain in one file, as HAProxy reads it.
Result<Secret> joined(const Bundle& bundle) {
  auto key = TRY(pem_of(*bundle.key));
  std::string chain;
  for (const auto& one : bundle.chain) chain += pem_of(*one);
  Secret all{key.size() + chain.size()};
  const auto end = std::ranges::copy(key.expose(), all.expose_mutable().begin()).out;
  std::ranges::copy(bytes::of(chain), end);
  return all;
}

Outcome check(const Wanted& wanted) {
  if (!wanted.compat.empty() && wanted.format != "pfx")
    return Error{Code::invalid_input, "--compat windows2016 is for --format pfx"};
  std::error_code error;
  if (fs::exists(wanted.out, error) && !wanted.force)
    return Error{Code::conflict, wanted.out.string() + " is there already; --force replaces it"};
  return {};
}

std::string advice(const Wanted& wanted, bool has_key) {
  if (wanted.format == "pem") return "the file holds the key: keep it private, and delete copies";
  if (wanted.format == "pfx")
    return "on Windows: Import-PfxCertificate, or double-click; then delete the file";
  if (has_key) return "name it as the program's keystore, with its password";
  return "java -Djavax.net.ssl.trustStore=" + wanted.out.string() +
         (wanted.format == "jks" ? "" : " -Djavax.net.ssl.trustStoreType=PKCS12");
}

Outcome run_export(const Wanted& wanted, Context& context) {
  TRY(check(wanted));
  const auto bundle = TRY(bundle_of(wanted));
  const bool has_key = bundle.key != nullptr;
  Report report;
  report.add("dry_run", "", wanted.dry_run)
      .add("file", wanted.dry_run ? "would write" : "file", wanted.out.string())
      .add("format", "format", wanted.format)
      .add("holds_key", "holds a key", has_key)
      .add("certificates", "certificates", static_cast<std::int64_t>(bundle.chain.size()));
  if (wanted.dry_run) {
    context.next = "the same without --dry-run";
    report.print(context);
    return {};
  }
  if (wanted.format == "pem") {
    const auto all = TRY(joined(bundle));
    TRY(config::write_file(wanted.out, all.expose(), 0600));
  } else {
    auto password = TRY(read_password(wanted.password));
    if (password.empty()) password = new_password(context);
    const auto all = TRY(packed(wanted, bundle, password, context));
    TRY(config::write_file(wanted.out, all.expose(), 0600));
  }
  report.print(context);
  context.next = advice(wanted, has_key);
  return {};
}

}  // namespace

void add_export(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand("export", "Put a certificate into the file that others want");
  const auto wanted = std::make_shared<Wanted>();
  command
      ->add_option("CERTIFICATE", wanted->certificate, "DIR/NAME.crt, or a root for a truststore")
      ->required();
  command
      ->add_option("--format", wanted->format,
                   "pem (key and chain in one), pfx, jks, p12-truststore (roots that Java lists)")
      ->required()
      ->one_of({"pem", "pfx", "jks", "p12-truststore"});
  command->add_option("--out", wanted->out, "File to write, 0600")->required();
  command->add_option("--key", wanted->key, "Default: NAME.key beside the certificate");
  command
      ->add_option("--compat", wanted->compat,
                   "windows2016: 3DES and SHA-1, all that Windows Server 2016 and older read")
      ->one_of({"windows2016"});
  command->add_option("--alias", wanted->alias, "What the other program lists it as")
      ->capture_default_str();
  command->add_option("--password-file", wanted->password,
                      "File with the password; default: a new one, told once");
  command->add_flag("--force", wanted->force, "Replace what is there");
  command->add_flag("--dry-run", wanted->dry_run, "Say what would be written, and write nothing");
  command->callback([wanted, &context] { context.outcome = run_export(*wanted, context); });
}

}  // namespace sp::certs
