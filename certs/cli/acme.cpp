#include <algorithm>
#include <ostream>

#include "base/commandline/app.h"
#include "base/config/files.h"
#include "certs/acme/keeper.h"
#include "certs/acme/solver_choice.h"
#include "certs/cli/making.h"

namespace sp::certs {
namespace {

using acme::ChallengeKind;

struct Wanted {
  std::string directory;
  std::filesystem::path ca_file;
  std::filesystem::path account;
  std::filesystem::path folder;
  std::vector<std::string> contacts;
  bool agree = false;
  std::string external_id;
  std::filesystem::path external_key;
  std::vector<std::string> urls;
  std::vector<std::string> domains;
  std::string profile;
  std::string preferred_root;
  std::string http_01;
  std::string dns_01;
  bool reuse_key = false;
  bool dry_run = false;
  bool force = false;
  std::optional<int> reason;

  [[nodiscard]] std::filesystem::path account_folder() const {
    return account.empty() ? folder / "account" : account;
  }
};
using Shared = std::shared_ptr<Wanted>;

/// A CA, and what talking to it needs.
struct Talk {
  Talk(const std::string& directory, const std::filesystem::path& ca_file, Context& context)
      : transport(acme::https_transport({.ca_file = ca_file})),
        session(directory, {*transport, context.clock, context.random, waiter}) {}
  acme::SleepingWaiter waiter;
  std::unique_ptr<acme::Transport> transport;
  acme::Session session;
};

std::string from_root(const std::filesystem::path& path) {
  if (path.empty()) return {};
  std::error_code error;
  const auto whole = std::filesystem::absolute(path, error);
  return (error ? path : whole).lexically_normal().string();
}

void warn_of_clock(const Talk& talk, Context& context) {
  const auto skew = talk.session.skew();
  if (skew < std::chrono::minutes{5} && skew > -std::chrono::minutes{5}) return;
  context.err << "sallyport-certs: warning: this machine's clock is "
              << std::abs(std::chrono::duration_cast<std::chrono::minutes>(skew).count())
              << " minutes " << (skew > Duration{0} ? "behind" : "ahead of")
              << " the CA's; put it right\n";
}

Result<std::optional<acme::ExternalAccount>> external_account(const Wanted& wanted) {
  if (wanted.external_id.empty() && wanted.external_key.empty())
    return std::optional<acme::ExternalAccount>{};
  if (wanted.external_id.empty() || wanted.external_key.empty())
    return Error{Code::invalid_input, "--eab-kid and --eab-key-file belong together"};
  const auto text = TRY(config::read_secret_file(wanted.external_key));
  auto view = bytes::text(text.expose());
  while (!view.empty() && (view.back() == '\n' || view.back() == '\r' || view.back() == '='))
    view.remove_suffix(1);
  auto raw = TRY(bytes::from_base64url(view).within(wanted.external_key.string()));
  acme::ExternalAccount out{wanted.external_id, Secret::copy_of(raw)};
  wipe(raw);
  return std::optional{std::move(out)};
}

Result<acme::Registration> registration(const Wanted& wanted) {
  acme::Registration out;
  for (const auto& contact : wanted.contacts)
    out.contacts.push_back(contact.find(':') == std::string::npos ? "mailto:" + contact : contact);
  out.terms_agreed = wanted.agree;
  out.external = TRY(external_account(wanted));
  return out;
}

Outcome print_account(const std::filesystem::path& folder, Context& context) {
  const auto saved = TRY(acme::load_account(folder));
  Report{}
      .add("account", "account", saved.url)
      .add("directory", "directory", saved.directory)
      .add("folder", "kept in", folder.string())
      .print(context);
  return {};
}

Outcome make_account(Talk& talk, const Wanted& wanted) {
  const auto asked = TRY(registration(wanted));
  TRY(acme::make_account(talk.session, wanted.account_folder(), from_root(wanted.ca_file), asked));
  return {};
}

void hint_at_terms(const Outcome& outcome, Context& context) {
  if (outcome || outcome.error().code() != Code::invalid_input) return;
  if (outcome.error().detail().find("terms of service") != std::string::npos)
    context.hint = "--agree-terms says that you agree";
  if (outcome.error().detail().find("external account") != std::string::npos)
    context.hint = "give both with --eab-kid ID --eab-key-file FILE";
}

Outcome register_now(const Wanted& wanted, Context& context) {
  if (wanted.account_folder() == "account")
    return Error{Code::invalid_input, "say where the account shall be kept, with --account DIR"};
  Talk talk{wanted.directory, wanted.ca_file, context};
  auto made = make_account(talk, wanted);
  warn_of_clock(talk, context);
  hint_at_terms(made, context);
  TRY(std::move(made));
  context.next = "sallyport-certs acme issue --directory " + wanted.directory + " --account " +
                 wanted.account_folder().string() + " --out DIR --url URL --http-01 WAY";
  return print_account(wanted.account_folder(), context);
}

Result<std::vector<std::string>> names_of(const Wanted& wanted) {
  auto hosts = TRY(hosts_of_urls(wanted.urls));
  for (const auto& domain : wanted.domains) {
    auto host = TRY(Host::parse(domain));
    if (std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(std::move(host));
  }
  if (hosts.empty())
    return Error{Code::invalid_input, "say who it is for, with --url URL or --domain NAME"};
  std::vector<std::string> out;
  for (const auto& host : hosts) out.push_back(host.text);
  return out;
}

Result<std::string> checked(ChallengeKind kind, const std::string& text) {
  if (text.empty()) return std::string{};
  return TRY(acme::SolverChoice::parse(kind, text)).text();
}

Result<acme::Settings> settings_of(const Wanted& wanted) {
  acme::Settings out;
  out.directory = wanted.directory;
  out.ca_file = from_root(wanted.ca_file);
  out.account = from_root(wanted.account_folder());
  out.names = TRY(names_of(wanted));
  out.profile = wanted.profile;
  out.preferred_root = wanted.preferred_root;
  out.http_01 = TRY(checked(ChallengeKind::http_01, wanted.http_01));
  out.dns_01 = TRY(checked(ChallengeKind::dns_01, wanted.dns_01));
  out.reuse_key = wanted.reuse_key;
  if (out.http_01.empty() && out.dns_01.empty())
    return Error{Code::invalid_input,
                 "say how the CA shall be answered, with --http-01 or --dns-01"};
  return out;
}

// http-01 stands first: where both are given, dns-01 is for the wildcards.
acme::MakeSolvers solvers_of(const acme::Settings& settings, const acme::World& world) {
  return [&settings, world]() -> Result<acme::Solvers> {
    acme::Solvers out;
    const std::pair<ChallengeKind, const std::string&> both[] = {
        {ChallengeKind::http_01, settings.http_01}, {ChallengeKind::dns_01, settings.dns_01}};
    for (const auto& [kind, text] : both) {
      if (text.empty()) continue;
      const auto choice = TRY(acme::SolverChoice::parse(kind, text));
      out.push_back(TRY(acme::make_solver(choice, world)));
    }
    return out;
  };
}

// As the other commands know it.
Pair pair_in(const acme::Folder& folder) {
  return {folder.certificate().parent_path(), folder.certificate().stem().string()};
}

Outcome print_dry_run(Talk& talk, const acme::Settings& settings, Context& context) {
  const auto directory = TRY(talk.session.directory());
  TRY(acme::open_account(talk.session, settings.account));
  Report{}
      .add("dry_run", "", true)
      .add("directory", "would order from", settings.directory)
      .add("names", "for", settings.names)
      .add("http_01", "by http-01", settings.http_01)
      .add("dns_01", "by dns-01", settings.dns_01)
      .add("profiles", "the CA's profiles", directory.profiles)
      .print(context);
  context.next = "leave out --dry-run to order it";
  return {};
}

Outcome issue_now(const Wanted& wanted, Context& context) {
  const auto settings = TRY(settings_of(wanted));
  acme::Folder folder{wanted.folder};
  TRY(folder.lock());
  Talk talk{settings.directory, settings.ca_file, context};
  if (!acme::load_account(settings.account)) {
    auto made = make_account(talk, wanted);
    hint_at_terms(made, context);
    TRY(std::move(made));
  }
  if (wanted.dry_run) return print_dry_run(talk, settings, context);
  auto issued =
      acme::issue(talk.session, folder, settings, solvers_of(settings, talk.session.world()));
  warn_of_clock(talk, context);
  TRY(std::move(issued));
  context.next =
      "name both files in the configuration of the program that serves these names, and "
      "run daily: sallyport-certs acme renew --out " +
      wanted.folder.string();
  return print_pair(pair_in(folder), {}, context);
}

Outcome renew_now(const Wanted& wanted, Context& context) {
  acme::Folder folder{wanted.folder};
  context.hint = "issue the first one with: sallyport-certs acme issue --out " +
                 wanted.folder.string() + " ...";
  const auto settings = TRY(folder.settings());
  context.hint.clear();
  TRY(folder.lock());
  Talk talk{settings.directory, settings.ca_file, context};
  const auto when = wanted.dry_run ? acme::When::never
                    : wanted.force ? acme::When::now
                                   : acme::When::due;
  auto asked = acme::renew(talk.session, folder, solvers_of(settings, talk.session.world()), when);
  warn_of_clock(talk, context);
  const auto renewed = TRY(std::move(asked));
  context.no = !renewed.done && !(wanted.dry_run && renewed.is_due);
  Report report;
  report.add("renewed", "", renewed.done)
      .add("due", "", renewed.is_due)
      .add("due_at", renewed.is_due ? "was due" : "not due before", rfc3339(renewed.due))
      .add("reason", "because", renewed.why);
  context.next = "nothing to do";
  if (!renewed.done && renewed.is_due) context.next = "leave out --dry-run to renew it";
  if (renewed.done) context.next = "programs that do not watch the files must be reloaded";
  if (renewed.done) return print_pair(pair_in(folder), std::move(report), context);
  report.print(context);
  return {};
}

Outcome revoke_now(const Wanted& wanted, Context& context) {
  acme::Folder folder{wanted.folder};
  const auto settings = TRY(folder.settings());
  TRY(folder.lock());
  Talk talk{settings.directory, settings.ca_file, context};
  TRY(acme::revoke_live(talk.session, folder, wanted.reason));
  Report{}.add("revoked", "revoked", folder.certificate().string()).print(context);
  context.next = "sallyport-certs acme renew --out " + wanted.folder.string() + " gets another one";
  return {};
}

Outcome change_key(const Wanted& wanted, Context& context) {
  const auto folder = wanted.account_folder();
  const auto saved = TRY(acme::load_account(folder));
  const auto ca_file = wanted.ca_file.empty() ? saved.ca_file : wanted.ca_file.string();
  Talk talk{saved.directory, ca_file, context};
  TRY(acme::renew_account_key(talk.session, folder));
  context.next = "back up the new account.key";
  return print_account(folder, context);
}

// What went wrong at the CA's or on the way is a failure, and never "not due" or "not found".
Outcome as_failure(Outcome outcome) {
  if (outcome ||
      (outcome.error().code() != Code::expired && outcome.error().code() != Code::not_found))
    return outcome;
  return Error{Code::unavailable, outcome.error().detail()};
}

using Run = Outcome (*)(const Wanted&, Context&);
void runs(commandline::App* command, const Shared& wanted, Context& context, Run run) {
  command->callback(
      [wanted, &context, run] { context.outcome = as_failure(run(*wanted, context)); });
}

void add_registration(commandline::App* command, const Shared& wanted) {
  command->add_option("--directory", wanted->directory, "Address of the CA's ACME directory")
      ->required();
  command->add_option("--ca", wanted->ca_file,
                      "Whom to trust for the directory, PEM (else the system's authorities)");
  command->add_option("--account", wanted->account, "Folder of the account (else DIR/account)");
  command->add_option("--contact", wanted->contacts, "Mail address for the CA; may be repeated");
  command->add_flag("--agree-terms", wanted->agree, "You agree to the CA's terms of service");
  command->add_option("--eab-kid", wanted->external_id, "Key id of your account outside ACME");
  command->add_option("--eab-key-file", wanted->external_key,
                      "File with its key, base64url as the CA gave it");
}

void add_names(commandline::App* command, const Shared& wanted) {
  command->add_option("--url", wanted->urls, "Address of the site to serve; may be repeated");
  command->add_option("--domain", wanted->domains,
                      "DNS name, also \"*.example.com\", or IP address; may be repeated");
}

void add_proof(commandline::App* command, const Shared& wanted) {
  command->add_option("--http-01", wanted->http_01,
                      "Prove by HTTP: listen=ADDRESS:PORT, webroot=FOLDER or hook=PROGRAM");
  command->add_option("--dns-01", wanted->dns_01,
                      "Prove by DNS, also wildcards: rfc2136=SERVER,key-file=FILE[,zone=ZONE]"
                      "[,seen-by=SERVER]... or hook=PROGRAM");
}

}  // namespace

void add_acme(commandline::App& app, Context& context) {
  auto* all = app.add_subcommand("acme", "Certificates of a public CA (ACME, RFC 8555)");
  all->require_subcommand(1);
  const auto wanted = std::make_shared<Wanted>();

  auto* registers = all->add_subcommand("register", "Make an account with a CA, or find yours");
  add_registration(registers, wanted);
  registers->add_option("--out", wanted->folder, "Folder whose account/ it becomes");
  runs(registers, wanted, context, register_now);

  auto* issues = all->add_subcommand("issue", "Order a certificate and keep it in a folder");
  add_registration(issues, wanted);
  issues->add_option("--out", wanted->folder, "Folder of the certificate (live/tls.crt)")
      ->required();
  add_names(issues, wanted);
  add_proof(issues, wanted);
  issues->add_option("--profile", wanted->profile, "A profile of the CA's, as \"shortlived\"");
  issues->add_option("--preferred-root", wanted->preferred_root,
                     "Part of the name of the root that the chain shall lead to");
  issues->add_flag("--reuse-key", wanted->reuse_key, "Keep the key at renewals");
  issues->add_flag("--dry-run", wanted->dry_run, "Show what would be ordered");
  runs(issues, wanted, context, issue_now);

  auto* renews = all->add_subcommand(
      "renew", "Renew when the CA suggests it, else at two thirds of the life; 1: not due");
  renews->add_option("--out", wanted->folder, "Folder of the certificate")->required();
  renews->add_flag("--force", wanted->force, "Now, due or not");
  renews->add_flag("--dry-run", wanted->dry_run, "Only say whether it is due");
  runs(renews, wanted, context, renew_now);

  auto* revokes = all->add_subcommand("revoke", "Revoke the certificate; it is due from then on");
  revokes->add_option("--out", wanted->folder, "Folder of the certificate")->required();
  revokes->add_option("--reason", wanted->reason,
                      "0 unspecified, 1 key compromised, 4 superseded, 5 no longer used");
  runs(revokes, wanted, context, revoke_now);

  auto* changes = all->add_subcommand("account-key", "Give the account a new key");
  changes->add_option("--out", wanted->folder, "Folder whose account/ it is");
  changes->add_option("--account", wanted->account, "Folder of the account");
  changes->add_option("--ca", wanted->ca_file, "Whom to trust for the directory, PEM");
  runs(changes, wanted, context, change_key);
}

}  // namespace sp::certs
