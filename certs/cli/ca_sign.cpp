#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "base/config/files.h"
#include "certs/authority/request.h"
#include "certs/authority/revocation.h"
#include "certs/cli/making.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

struct Signing {
  fs::path request;
  fs::path authority;
  fs::path password;
  fs::path out;
  bool force = false;
  bool dry_run = false;
  Asked asked;
};

Outcome sign(const Signing& wanted, Context& context) {
  const auto pem = TRY(given(config::read_file(wanted.request, 1 << 16)));
  const auto request = TRY(parse_request(bytes::text(pem)).within(wanted.request.string()));
  auto wish = TRY(wanted.asked.wish());
  if (wish.hosts.empty()) wish.hosts = request.hosts;
  const auto authority = TRY(load_authority(wanted.authority, wanted.password));
  const auto chain =
      TRY(authority.certify(wish, *request.key, context.clock.now(), context.random));
  std::vector<std::string> names;
  for (const auto& host : wish.hosts) names.push_back(host.text);
  Report report;
  report.add("dry_run", "", wanted.dry_run)
      .add("certificate", wanted.dry_run ? "would write" : "certificate", wanted.out.string())
      .add("names", "for", names);
  context.next = "give the file back to the one whose request it was; it holds the chain, no key";
  if (!wanted.dry_run) {
    if (std::error_code error; fs::exists(wanted.out, error) && !wanted.force)
      return Error{Code::conflict, wanted.out.string() + " is there already; --force replaces it"};
    TRY(record(wanted.authority, chain));
    TRY(config::write_file(wanted.out, bytes::of(chain), 0644));
  }
  report.print(context);
  return {};
}

struct Revoking {
  std::string what;
  std::string reason = "unspecified";
  fs::path authority;
  fs::path password;
  bool dry_run = false;
};

Result<std::string> serial_named(const Revoking& wanted) {
  if (std::error_code error; !fs::is_regular_file(wanted.what, error)) {
    if (fs::exists(wanted.authority / "issued" / (wanted.what + ".crt"), error)) return wanted.what;
    return Error{Code::not_found, "this authority issued no certificate with the serial number " +
                                      wanted.what + "; see the folder issued/"};
  }
  const auto leaf = TRY(load_leaf(wanted.what));
  auto serial = serial_of(*leaf);
  if (std::error_code error; !fs::exists(wanted.authority / "issued" / (serial + ".crt"), error))
    return Error{Code::not_found, wanted.what + " was not issued by this authority"};
  return serial;
}

Outcome take_back(const Revoking& wanted, Context& context) {
  const auto serial = TRY(serial_named(wanted));
  const auto authority = TRY(load_authority(wanted.authority, wanted.password));
  const auto now = context.clock.now();
  if (!wanted.dry_run) {
    TRY(revoke(wanted.authority, {serial, now, wanted.reason}));
    TRY(write_crl(wanted.authority, authority.issuing(), now));
  }
  Report report;
  report.add("dry_run", "", wanted.dry_run)
      .add("serial", wanted.dry_run ? "would revoke" : "revoked", serial)
      .add("reason", "reason", wanted.reason)
      .add("crl", "list", (wanted.authority / "ca.crl").string())
      .print(context);
  context.next =
      "browsers do not ask: replace the certificate on its server, too; give the list to "
      "those who check it";
  return {};
}

struct Listing {
  fs::path authority;
  fs::path password;
  bool dry_run = false;
};

Outcome list(const Listing& wanted, Context& context) {
  const auto authority = TRY(load_authority(wanted.authority, wanted.password));
  const auto revoked = TRY(read_revoked(wanted.authority));
  const auto now = context.clock.now();
  if (!wanted.dry_run) TRY(write_crl(wanted.authority, authority.issuing(), now));
  Report report;
  report.add("dry_run", "", wanted.dry_run)
      .add("crl", wanted.dry_run ? "would write" : "list", (wanted.authority / "ca.crl").string())
      .add("revoked", "revoked", static_cast<std::int64_t>(revoked.size()))
      .add("next_update", "good until", rfc3339(now + crl_life))
      .print(context);
  context.next = "make it again before then, and publish it where it is looked for";
  return {};
}

void add_authority(commandline::App& command, fs::path& folder, fs::path& password, bool& dry_run) {
  command.add_option("--ca", folder, "Folder of the authority")->required();
  command.add_option("--password-file", password, "File with the password of the authority's key");
  command.add_flag("--dry-run", dry_run, "Say what would be done, and write nothing");
}

}  // namespace

void add_sign(commandline::App& ca, Context& context) {
  auto* command = ca.add_subcommand("sign", "Sign somebody's request (CSR, PEM)");
  const auto wanted = std::make_shared<Signing>();
  command->add_option("CSR", wanted->request, "The request")->required();
  add_authority(*command, wanted->authority, wanted->password, wanted->dry_run);
  command->add_option("--out", wanted->out, "File for the certificate and its chain")->required();
  command->add_flag("--force", wanted->force, "Replace what is there");
  wanted->asked.add_all_to(*command, "Instead of the names that the request asks for");
  command->callback([wanted, &context] { context.outcome = sign(*wanted, context); });
}

void add_revoke(commandline::App& ca, Context& context) {
  auto* command = ca.add_subcommand("revoke", "Take a certificate back, and list it in ca.crl");
  const auto wanted = std::make_shared<Revoking>();
  command->add_option("CERTIFICATE", wanted->what, "Its file, or its serial number in hexadecimal")
      ->required();
  add_authority(*command, wanted->authority, wanted->password, wanted->dry_run);
  command
      ->add_option("--reason", wanted->reason,
                   "unspecified, keyCompromise, superseded or cessationOfOperation")
      ->capture_default_str();
  command->callback([wanted, &context] { context.outcome = take_back(*wanted, context); });
}

void add_crl(commandline::App& ca, Context& context) {
  auto* command =
      ca.add_subcommand("crl", "Sign the list of what was taken back: ca.crl, for 7 days");
  const auto wanted = std::make_shared<Listing>();
  add_authority(*command, wanted->authority, wanted->password, wanted->dry_run);
  command->callback([wanted, &context] { context.outcome = list(*wanted, context); });
}

}  // namespace sp::certs
