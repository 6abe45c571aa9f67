#include "core/inventory/import.h"

#include <algorithm>

namespace sp::inventory {
namespace {

constexpr std::size_t most_problems = 200;

bool has(const auto& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

std::vector<LineProblem> check_columns(const ImportKind& kind,
                                       const std::vector<std::string>& columns) {
  std::vector<LineProblem> out;
  for (const auto& column : columns)
    if (!has(kind.columns, column)) out.push_back({1, column, "there is no such column"});
  for (const auto& column : kind.needed)
    if (!has(columns, column)) out.push_back({1, std::string{column}, "is needed"});
  return out;
}

void note(Imported& out, int line, std::vector<Problem> problems) {
  for (auto& problem : problems)
    if (out.problems.size() < most_problems)
      out.problems.push_back({line, std::move(problem.field), std::move(problem.detail)});
}

struct Work {
  Imported imported;
  std::vector<audit::Entry> entries;
};

Result<Work> run_rows(store::Transaction& transaction, const CsvTable& table,
                      const ImportRow& row) {
  Work out;
  for (const auto& line : table.rows) {
    auto done = TRY(row(transaction, line));
    ++out.imported.lines;
    note(out.imported, line.line, std::move(done.problems));
    if (!out.imported.problems.empty()) continue;
    ++(done.created ? out.imported.created : out.imported.changed);
    out.entries.push_back(std::move(done.entry));
  }
  return out;
}

}  // namespace

Result<Imported> import_csv(const Context& context, const access::Actor& actor,
                            const ImportKind& kind, std::string_view text,
                            const ImportOptions& options, const ImportRow& row) {
  Imported out;
  auto parsed = parse_csv(text);
  if (parsed.problem) {
    out.problems.push_back({parsed.problem->line, "", parsed.problem->detail});
    return out;
  }
  out.problems = check_columns(kind, parsed.table.columns);
  if (!out.problems.empty()) return out;

  bool rolled_back = false;
  const auto written = context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(lock(transaction));
    auto work = TRY(run_rows(transaction, parsed.table, row));
    out = std::move(work.imported);
    rolled_back = options.dry_run || !out.problems.empty();
    // Whatever was written goes again: this is how a transaction is given up.
    if (rolled_back) return Error{Code::conflict, "import: nothing is to be written"};
    work.entries.push_back(entry(audit::Event::inventory_imported, actor, {kind.name, "", ""},
                                 {{audit::Detail::count, std::to_string(out.lines)}}));
    for (const auto& one : work.entries) TRY(context.audit.append(transaction, one));
    return {};
  });
  if (!written && !rolled_back) return written.error();
  return out;
}

}  // namespace sp::inventory
