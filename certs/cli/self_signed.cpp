#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "base/config/files.h"
#include "certs/cli/making.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  Place place;
  Asked asked;
  bool flat = false;
  bool keep = false;
};

// A root of its own that signs this one certificate: phones install roots and nothing else, and the
// next certificate of the same root needs no new trust.
struct Made {
  Issued site;
  std::string root_pem;
};

fs::path root_file(const Pair& pair) {
  return pair.folder / (pair.name + ".root.crt");
}

constexpr std::chrono::days root_life{1825};

fs::path kept_in(const Pair& pair) {
  return pair.folder / "ca";
}

/// The root that was kept, or a new one.
Result<Authority> authority_for(const Wanted& wanted, const Pair& pair, const Wish& wish,
                                Context& context) {
  std::error_code error;
  if (wanted.keep && fs::exists(kept_in(pair) / "ca.crt", error))
    return Authority::load(kept_in(pair));
  const auto now = context.clock.now();
  NewAuthority root;
  root.name = authority_name(wish.hosts.front().base(), now, context.random);
  root.constraints = Constraints::of_hosts(wish.hosts);
  root.key = wish.key;
  root.single_use = !wanted.keep;
  root.life = root_life;
  auto authority = TRY(Authority::create(root, now, context.random));
  if (wanted.keep) TRY(authority.save(kept_in(pair)));
  return authority;
}

Result<Made> make(const Wanted& wanted, const Pair& pair, const Wish& wish, Context& context) {
  const auto now = context.clock.now();
  if (wanted.flat) {
    auto issued = TRY(self_signed(wish, now, context.random));
    auto own = issued.chain;
    return Made{std::move(issued), std::move(own)};
  }
  const auto authority = TRY(authority_for(wanted, pair, wish, context));
  auto issued = TRY(authority.issue(wish, now, context.random));
  if (wanted.keep) TRY(record(kept_in(pair), issued.chain));
  return Made{std::move(issued), pem_of(authority.root())};
}

Outcome run_self_signed(const Wanted& wanted, Context& context) {
  const auto pair = TRY(wanted.place.pair());
  auto wish = TRY(wanted.asked.wish());
  if (wish.hosts.empty())
    return Error{Code::invalid_input, "name the site's address: --url https://HOST"};
  if (wanted.flat) wish.profile = Profile::self_signed;
  Report report;
  report.add("root", "to be trusted", root_file(pair).string());
  if (wanted.place.if_needed && still_serves(pair, wish.hosts, nullptr, context.clock.now()))
    return print_pair(pair, std::move(report), context);
  TRY(refuse_existing(wanted.place, pair, context));
  if (wanted.place.dry_run) return print_dry_run(pair, wish, context);
  const auto made = TRY(make(wanted, pair, wish, context));
  TRY(write(pair, made.site, Replace::yes));
  TRY(config::write_file(root_file(pair), bytes::of(made.root_pem), 0644));
  report.add("root_key", "", wanted.keep ? (kept_in(pair) / "ca.key").string() : "");
  context.next = "serve " + pair.certificate().string() + ", and install " +
                 root_file(pair).string() + " once on each machine and browser that comes";
  return print_pair(pair, std::move(report), context);
}

}  // namespace

void add_self_signed(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand("self-signed",
                                     "Make a certificate that belongs to no authority but its own");
  const auto wanted = std::make_shared<Wanted>();
  wanted->place.name = "server";
  wanted->place.add_to(*command);
  wanted->asked.add_all_to(*command);
  auto* flat = command->add_flag("--flat", wanted->flat,
                                 "One certificate without a root; phones cannot install it");
  command
      ->add_flag("--keep-ca", wanted->keep,
                 "Keep the root's key in DIR/ca, to renew without new trust")
      ->excludes(flat);
  command->callback([wanted, &context] { context.outcome = run_self_signed(*wanted, context); });
}

}  // namespace sp::certs
