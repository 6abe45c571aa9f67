#include "certs/trust/trust.h"

#include <algorithm>
#include <cstdlib>

#include "base/commandline/app.h"
#include "certs/cli/report.h"

namespace sp::certs {
namespace {

struct Wanted {
  std::filesystem::path file;
  std::string stores = "system,nss,firefox,java";
  std::filesystem::path root = "/";
  std::filesystem::path home;
  bool dry_run = false;
};

std::filesystem::path home_of(const Wanted& wanted) {
  if (!wanted.home.empty()) return wanted.home;
  const char* home = std::getenv("HOME");
  return home == nullptr ? "/root" : home;
}

std::string word_for(const Said& said) {
  if (said.absent) return "absent";
  return said.good ? "yes" : "no";
}

std::string next_for(Action action, bool good) {
  if (action == Action::status)
    return good ? "nothing to do" : "install it: sallyport-certs trust install FILE";
  return good ? "browsers that run read it when they start again"
              : "see what each store said; those that say yes are done";
}

Outcome trust(Action action, const Wanted& wanted, Context& context) {
  const auto stores = TRY(stores_named(wanted.stores));
  const auto asked = wanted.dry_run ? Action::status : action;
  const auto all = TRY(apply(asked, wanted.file, stores, {wanted.root, home_of(wanted)}));
  std::vector<Report> rows;
  for (const auto& said : all)
    rows.emplace_back()
        .add("store", "STORE", std::string{name(said.store)})
        .add("state", wanted.dry_run ? "TRUSTS IT" : "DONE", word_for(said))
        .add("said", "SAID", said.sentence)
        .add("place", "WHERE", said.place.string());
  const bool good =
      std::ranges::all_of(all, [](const Said& said) { return said.good || said.absent; });
  Report report;
  report.add("dry_run", "", wanted.dry_run)
      .add("good", "", good)
      .add_rows("stores", std::move(rows))
      .print(context);
  context.next = wanted.dry_run ? "the same without --dry-run" : next_for(action, good);
  if (good || wanted.dry_run) return {};
  if (action == Action::status) {
    context.no = true;
    return {};
  }
  return Error{Code::unavailable, "not every store did it"};
}

void add_action(commandline::App& trust_command, const char* name, const char* what, Action action,
                Context& context) {
  auto* command = trust_command.add_subcommand(name, what);
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("FILE", wanted->file, "The authority's certificate, PEM")->required();
  command->add_option("--store", wanted->stores, "Which ones, with commas between")
      ->capture_default_str();
  command->add_option("--root", wanted->root, "Of another system, such as an image")
      ->capture_default_str();
  command->add_option("--home", wanted->home, "Whose browsers; default: yours");
  if (action != Action::status)
    command->add_flag("--dry-run", wanted->dry_run, "Say who trusts it now, and change nothing");
  command->callback(
      [wanted, action, &context] { context.outcome = trust(action, *wanted, context); });
}

}  // namespace

void add_trust(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand("trust", "Whom this machine's programs and browsers trust");
  command->require_subcommand(1);
  add_action(*command, "install", "Make them trust an authority", Action::install, context);
  add_action(*command, "remove", "Undo that", Action::remove, context);
  add_action(*command, "status", "Say who trusts it; exit code 1 when somebody does not",
             Action::status, context);
}

}  // namespace sp::certs
