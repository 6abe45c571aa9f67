#include <algorithm>
#include <ostream>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "base/config/files.h"
#include "certs/cli/making.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  fs::path folder;
  fs::path password;
  std::string name;
  std::vector<std::string> permitted;
  std::vector<std::string> urls;
  bool unconstrained = false;
  bool intermediate = false;
  bool if_needed = false;
  bool dry_run = false;
  std::string key = "p256";
  std::int64_t days = 0;
};

Result<Constraints> constraints_of(const Wanted& wanted) {
  if (wanted.unconstrained) return Constraints{.any = true};
  if (wanted.permitted.empty() && wanted.urls.empty()) return Constraints::inside_only();
  auto permitted = wanted.permitted;
  for (const auto& host : TRY(hosts_of_urls(wanted.urls))) permitted.push_back(host.text);
  return Constraints::parse(permitted);
}

Outcome print(const fs::path& folder, Context& context) {
  const auto certificate = folder / "ca.crt";
  const auto chain = TRY(describe(certificate, context.clock.now()));
  const auto parsed = TRY(load_leaf(certificate));
  const auto constraints = TRY(Constraints::of(*parsed));
  const auto& root = chain.front();
  std::error_code error;
  const bool has_key = fs::exists(folder / "ca.key", error);
  Report report;
  report.add("", "authority", root.subject)
      .add("certificate", "certificate", certificate.string())
      .add("key", "key", has_key ? (folder / "ca.key").string() : "put away")
      .add("may_sign", "may sign", constraints.text())
      .add("intermediate", "intermediate", fs::exists(folder / "intermediate.crt", error))
      .add("cross_signed", "", fs::exists(folder / "cross.crt", error));
  add_description(report, root);
  report.print(context);
  return {};
}

Outcome init(const Wanted& wanted, Context& context) {
  const auto password = TRY(read_password(wanted.password));
  const auto next = "sallyport-certs issue --ca " + wanted.folder.string() +
                    " --out DIR --name NAME --host HOST; keep " +
                    (wanted.folder / "ca.key").string() + " secret and back it up";
  if (wanted.if_needed && Authority::load(wanted.folder, password)) {
    context.next = next;
    return print(wanted.folder, context);
  }
  NewAuthority asked;
  asked.name = wanted.name;
  asked.constraints = TRY(constraints_of(wanted));
  asked.key = TRY(key_kind_named(wanted.key));
  asked.with_intermediate = wanted.intermediate;
  if (wanted.days > 0) asked.life = std::chrono::days{wanted.days};
  const auto now = context.clock.now();
  if (asked.name.empty())
    asked.name =
        authority_name(asked.constraints.dns.empty() ? "inside" : asked.constraints.dns.back(), now,
                       context.random);
  const auto authority = TRY(Authority::create(asked, now, context.random));
  if (wanted.dry_run) {
    Report report;
    report.add("dry_run", "", true)
        .add("name", "would make", asked.name)
        .add("folder", "in", wanted.folder.string())
        .add("may_sign", "may sign", asked.constraints.text())
        .print(context);
    context.next = "the same without --dry-run";
    return {};
  }
  auto saved = authority.save(wanted.folder, password);
  if (!saved && saved.error().code() == Code::conflict)
    context.hint = "choose another folder; replacing an authority makes all it signed worthless";
  TRY(std::move(saved));
  context.next = next;
  return print(wanted.folder, context);
}

Outcome export_root(const fs::path& folder, const fs::path& out, bool der, Context& context) {
  const auto certificate = TRY(load_leaf(folder / "ca.crt"));
  std::string content = pem_of(*certificate);
  if (der) {
    unsigned char* data = nullptr;
    const int size = ::i2d_X509(certificate.get(), &data);
    if (size <= 0) return openssl::failure("write certificate");
    content.assign(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    ::OPENSSL_free(data);
  }
  context.next =
      "install it where browsers trust: sallyport-certs trust install FILE, group policy, or by "
      "hand";
  if (out.empty()) {
    context.out << content;
    return {};
  }
  return config::write_file(out, bytes::of(content), 0644);
}

void add_init(commandline::App& ca, Context& context) {
  auto* command = ca.add_subcommand("init", "Make a new authority: ca.crt and ca.key");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--out", wanted->folder, "Folder for ca.crt and ca.key")->required();
  command->add_option("--name", wanted->name, "What the authority is called; default: made unique");
  command->add_option("--permit", wanted->permitted,
                      "Domain (with all below it), network or address that it may sign for; may be "
                      "repeated. Default: private networks, .internal and the like, this machine's "
                      "domain");
  command->add_option("--url", wanted->urls, "Address of a site that it may sign for");
  command->add_flag("--unconstrained", wanted->unconstrained, "It may sign for every name");
  command->add_flag("--intermediate", wanted->intermediate,
                    "Sign with an intermediate, so that ca.key can be put away");
  command->add_option("--password-file", wanted->password, "Encrypt ca.key under this password");
  command->add_option("--key-type", wanted->key, "p256, p384, rsa2048 or rsa3072")
      ->capture_default_str();
  command->add_option("--days", wanted->days, "How long it lives; 3650")->within(1, 7300);
  command->add_flag("--if-needed", wanted->if_needed, "Keep a sound authority that is there");
  command->add_flag("--dry-run", wanted->dry_run, "Say what would be made, and write nothing");
  command->callback([wanted, &context] { context.outcome = init(*wanted, context); });
}

void add_show_authority(commandline::App& ca, Context& context) {
  auto* command = ca.add_subcommand("show", "Show an authority and what it may sign");
  const auto folder = std::make_shared<fs::path>();
  command->add_option("--ca", *folder, "Folder of the authority")->required();
  command->callback([folder, &context] { context.outcome = print(*folder, context); });
}

void add_export_root(commandline::App& ca, Context& context) {
  auto* command =
      ca.add_subcommand("export-root", "Give out the certificate that others must trust");
  struct Where {
    fs::path folder;
    fs::path out;
    bool der = false;
  };
  const auto where = std::make_shared<Where>();
  command->add_option("--ca", where->folder, "Folder of the authority")->required();
  command->add_option("--out", where->out, "File; default: standard output");
  command->add_flag("--der", where->der, "DER, as Windows and phones like it (.cer)");
  command->callback([where, &context] {
    context.outcome = export_root(where->folder, where->out, where->der, context);
  });
}

}  // namespace

void add_ca(commandline::App& app, Context& context) {
  auto* ca = app.add_subcommand("ca", "The internal certificate authority");
  ca->require_subcommand(1);
  add_init(*ca, context);
  add_show_authority(*ca, context);
  add_issue(*ca, context);
  add_sign(*ca, context);
  add_renew(*ca, context);
  add_revoke(*ca, context);
  add_crl(*ca, context);
  add_rotate(*ca, context);
  add_export_root(*ca, context);
}

}  // namespace sp::certs
