#pragma once
// Many at once from a table: all of it or nothing, each problem with its line.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/inventory/csv.h"
#include "core/inventory/parts.h"

namespace sp::inventory {

struct ImportOptions {
  bool dry_run = false;  ///< everything but the writing
  bool update = false;   ///< what is there already is changed; else it is a problem
};
struct LineProblem {
  int line = 0;
  std::string field, detail;
};
struct Imported {
  int lines = 0, created = 0, changed = 0;
  std::vector<LineProblem> problems;  ///< at most 200; with one nothing was written
};

/// What became of one row.
struct RowDone {
  bool created = false;
  std::vector<Problem> problems;
  audit::Entry entry;  ///< for the trail, when there is no problem
};
using ImportRow = std::function<Result<RowDone>(store::Transaction&, const CsvRow&)>;

/// What is imported: its name in the trail ("hosts"), and the columns that it may have and must
/// have.
struct ImportKind {
  std::string name;
  std::vector<std::string_view> columns, needed;
};

/// Parses `text`, then runs `row` for each of its rows in one transaction.
Result<Imported> import_csv(const Context& context, const access::Actor& actor,
                            const ImportKind& kind, std::string_view text,
                            const ImportOptions& options, const ImportRow& row);

}  // namespace sp::inventory
