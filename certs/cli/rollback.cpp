#include "base/commandline/app.h"
#include "certs/cli/making.h"

namespace sp::certs {
namespace {

struct Wanted {
  std::filesystem::path folder;
  std::string name;
  bool dry_run = false;
};

Result<std::vector<Pair>> chosen(const Wanted& wanted) {
  if (!wanted.name.empty()) {
    const auto pair = TRY(Pair::in(wanted.folder, wanted.name));
    return std::vector{pair};
  }
  auto pairs = TRY(pairs_in(wanted.folder));
  std::erase_if(pairs, [](const Pair& pair) { return !pair.previous().exists(); });
  if (pairs.empty())
    return Error{Code::not_found, "no earlier version of a certificate is kept in " +
                                      wanted.folder.string() + "; there is nothing to go back to"};
  return pairs;
}

Outcome go_back(const Wanted& wanted, Context& context) {
  const auto now = context.clock.now();
  std::vector<Report> rows;
  for (const auto& pair : TRY(chosen(wanted))) {
    if (!wanted.dry_run) TRY(rollback(pair));
    const auto file = wanted.dry_run ? pair.previous().certificate() : pair.certificate();
    const auto chain = TRY(describe(file, now));
    rows.emplace_back()
        .add("certificate", wanted.dry_run ? "WOULD GO BACK" : "WENT BACK",
             pair.certificate().string())
        .add("valid_until", "VALID UNTIL", rfc3339(chain.front().until))
        .add("days_left", "DAYS", chain.front().days_left)
        .add("names", "NAMES", chain.front().names);
  }
  Report report;
  report.add("dry_run", "", wanted.dry_run)
      .add_rows("certificates", std::move(rows))
      .print(context);
  context.next = "tell the programs to read them again; rollback once more undoes this";
  return {};
}

}  // namespace

void add_rollback(commandline::App& app, Context& context) {
  auto* command =
      app.add_subcommand("rollback", "Put back the certificate and key before the present ones");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("DIR", wanted->folder, "Folder of the certificates")->required();
  command->add_option("--name", wanted->name, "Only this one; default: all that have one kept");
  command->add_flag("--dry-run", wanted->dry_run, "Say what would come back, and write nothing");
  command->callback([wanted, &context] { context.outcome = go_back(*wanted, context); });
}

}  // namespace sp::certs
