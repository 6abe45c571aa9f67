#include "base/commandline/app.h"
#include "base/config/files.h"
#include "certs/authority/revocation.h"
#include "certs/cli/making.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  fs::path authority;
  fs::path password;
  Place place;
  Asked asked;
  bool reuse_key = false;
};

/// The key that a renewal takes: the old one when asked to, else the one whose pin was given out
/// ahead, else a new one.
Result<openssl::Pkey> key_for(const Pair& pair, const Wish& wish, bool reuse) {
  if (reuse) return TRY(load(pair)).key;
  const auto next = config::read_secret_file(pair.next_key());
  if (next) return parse_key(*next, {}).within(pair.next_key().string());
  if (next.error().code() != Code::not_found) return Error{next.error()};
  return new_key(wish.key);
}

Outcome make(const Wanted& wanted, const Pair& pair, const Wish& wish, const Authority& authority,
             Context& context) {
  const auto key = TRY(key_for(pair, wish, wanted.reuse_key));
  auto chain = TRY(authority.certify(wish, *key, context.clock.now(), context.random));
  TRY(record(wanted.authority, chain));
  auto secret = TRY(pem_of(*key));
  TRY(write(pair, {std::move(chain), std::move(secret)}, Replace::yes));
  std::error_code ignored;
  fs::remove(pair.next_key(), ignored);
  return {};
}

Outcome issue(const Wanted& wanted, Context& context) {
  const auto pair = TRY(wanted.place.pair());
  const auto wish = TRY(wanted.asked.wish());
  context.hint =
      "make an authority with: sallyport-certs ca init --out " + wanted.authority.string();
  const auto authority = TRY(load_authority(wanted.authority, wanted.password));
  context.hint.clear();
  for (const auto& host : wish.hosts) {
    context.hint = "an authority for other names: sallyport-certs ca init --out DIR --permit " +
                   std::string{host.base()};
    TRY(authority.constraints().permits(host));
  }
  context.hint.clear();
  if (wanted.place.if_needed &&
      still_serves(pair, wish.hosts, authority.issuing().certificate.get(), context.clock.now()))
    return print_pair(pair, {}, context);
  TRY(refuse_existing(wanted.place, pair, context));
  if (wanted.place.dry_run) return print_dry_run(pair, wish, context);
  TRY(make(wanted, pair, wish, authority, context));
  return print_pair(pair, {}, context);
}

/// What `ca renew` does: another certificate for the same names.
Outcome renew(Wanted wanted, const fs::path& certificate, Context& context) {
  const auto pair = TRY(Pair::of_certificate(certificate));
  const auto before = TRY(load(pair));
  auto wish = TRY(wanted.asked.wish());
  wish.hosts = TRY(hosts_of(*before.leaf));
  wish.uri = uri_of(*before.leaf);
  if (!wish.uri.empty())
    wish.profile = wish.uri.find("/core/") != std::string::npos ? Profile::core_identity
                                                                : Profile::edge_identity;
  context.hint =
      "make an authority with: sallyport-certs ca init --out " + wanted.authority.string();
  const auto authority = TRY(load_authority(wanted.authority, wanted.password));
  context.hint.clear();
  if (!wanted.place.force &&
      still_serves(pair, wish.hosts, authority.issuing().certificate.get(), context.clock.now())) {
    context.no = true;
    context.next = "it is not due; --force renews it all the same";
    return print_pair(pair, {}, context);
  }
  if (wanted.place.dry_run) return print_dry_run(pair, wish, context);
  TRY(make(wanted, pair, wish, authority, context));
  context.next =
      "tell the program that serves it to read it again; rollback brings the old one back";
  return print_pair(pair, {}, context);
}

void add_authority_options(commandline::App& command, Wanted& wanted) {
  command.add_option("--ca", wanted.authority, "Folder of the authority")->required();
  command.add_option("--password-file", wanted.password,
                     "File with the password of the authority's key");
  command.add_flag("--reuse-key", wanted.reuse_key, "Keep the key that is there");
}

}  // namespace

void add_issue(commandline::App& app, Context& context) {
  auto* command =
      app.add_subcommand("issue", "Make a key and a server certificate, signed by the authority");
  const auto wanted = std::make_shared<Wanted>();
  add_authority_options(*command, *wanted);
  wanted->place.add_to(*command);
  wanted->asked.add_all_to(*command);
  command->add_option("--profile", wanted->asked.profile, "server, core or edge")
      ->capture_default_str();
  command->add_option("--uri", wanted->asked.uri,
                      "Of a core or an edge: sallyport://SITE/edge/NAME");
  command->callback([wanted, &context] { context.outcome = issue(*wanted, context); });
}

void add_renew(commandline::App& ca, Context& context) {
  auto* command = ca.add_subcommand("renew", "Replace a certificate that is due by a new one");
  const auto wanted = std::make_shared<Wanted>();
  const auto file = std::make_shared<fs::path>();
  command->add_option("CERTIFICATE", *file, "DIR/NAME.crt, with NAME.key beside it")->required();
  add_authority_options(*command, *wanted);
  command->add_option("--days", wanted->asked.days, "How long it lives")->within(1, 825);
  command->add_flag("--force", wanted->place.force, "Also when it is not due");
  command->add_flag("--dry-run", wanted->place.dry_run, "Say what would be made, write nothing");
  command->callback([wanted, file, &context] { context.outcome = renew(*wanted, *file, context); });
}

}  // namespace sp::certs
