#pragma once
// CSV as RFC 4180 has it and as spreadsheets write it: with a head line that names the columns,
// `,` or `;` between them, perhaps a byte order mark.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/result.h"

namespace sp::inventory {

inline constexpr std::size_t most_csv_size = std::size_t{4} << 20U;
inline constexpr std::size_t most_csv_rows = 5000;

/// One row behind the head: its cells by the names of their columns.
struct CsvRow {
  int line = 0;  ///< where it begins; the head is 1
  std::map<std::string, std::string, std::less<>> cells;
  /// Nothing for a column that is not there, and for an empty cell.
  [[nodiscard]] std::optional<std::string> maybe(std::string_view name) const;
  /// The items of a cell, trimmed, without empty ones.
  [[nodiscard]] std::optional<std::vector<std::string>> maybe_list(std::string_view name,
                                                                   char between) const;
};
struct CsvTable {
  std::vector<std::string> columns;  ///< lower case
  std::vector<CsvRow> rows;
};

/// What is wrong with a text that is no table.
struct CsvProblem {
  int line = 0;
  std::string detail;
};

/// A value that begins with an apostrophe and then = + - or @ loses it: our export put it there.
/// Gives the first problem instead of a table: a row of another number of cells, a quote in the
/// middle, a column twice or without a name, too many rows.
struct CsvParsed {
  CsvTable table;
  std::optional<CsvProblem> problem;
};
CsvParsed parse_csv(std::string_view text);

}  // namespace sp::inventory
