#include "core/inventory/csv.h"

#include <algorithm>
#include <set>

#include "base/bytes/bytes.h"
#include "core/inventory/text.h"

namespace sp::inventory {
namespace {

using Record = std::vector<std::string>;

// Reads cell after cell. `line` counts the line ends that were read, also within quotes.
class Reader {
 public:
  Reader(std::string_view text, char separator) : rest_(text), separator_(separator) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] int line() const { return line_; }

  // False when a quote stands where none may.
  bool record(Record& out) {
    out.clear();
    for (;;) {
      out.emplace_back();
      if (!cell(out.back())) return false;
      if (rest_.empty()) return true;
      if (rest_.front() == separator_) {
        rest_.remove_prefix(1);
        continue;
      }
      end_of_line();
      return true;
    }
  }

 private:
  bool cell(std::string& out) {
    if (!rest_.starts_with('"')) return plain(out);
    rest_.remove_prefix(1);
    for (;;) {
      const auto quote = rest_.find('"');
      if (quote == std::string_view::npos) return false;
      take(out, quote);
      rest_.remove_prefix(1);
      if (!rest_.starts_with('"')) break;
      out += '"';
      rest_.remove_prefix(1);
    }
    return rest_.empty() || rest_.front() == separator_ || rest_.front() == '\n' ||
           rest_.front() == '\r';
  }
  bool plain(std::string& out) {
    const auto end = std::ranges::find_if(
        rest_, [&](char c) { return c == separator_ || c == '\n' || c == '\r' || c == '"'; });
    take(out, static_cast<std::size_t>(end - rest_.begin()));
    return rest_.empty() || rest_.front() != '"';
  }
  void take(std::string& out, std::size_t count) {
    const auto piece = rest_.substr(0, count);
    line_ += static_cast<int>(std::ranges::count(piece, '\n'));
    out += piece;
    rest_.remove_prefix(count);
  }
  void end_of_line() {
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) rest_.remove_prefix(1);
    ++line_;
  }
  std::string_view rest_;
  char separator_;
  int line_ = 1;
};

char separator_of(std::string_view text) {
  const auto head = text.substr(0, text.find('\n'));
  return head.find(';') != std::string_view::npos && head.find(',') == std::string_view::npos ? ';'
                                                                                              : ',';
}

void undo_apostrophe(std::string& value) {
  constexpr std::string_view formula = "=+-@\t\r";
  if (value.size() > 1 && value.front() == '\'' && formula.find(value[1]) != std::string_view::npos)
    value.erase(0, 1);
}

bool is_blank(const Record& record) {
  return record.size() == 1 && record.front().empty();
}

std::optional<CsvProblem> read_head(const Record& record, CsvTable& table) {
  std::set<std::string> seen;
  for (const auto& name : record) {
    table.columns.push_back(folded(trimmed(name)));
    const auto& column = table.columns.back();
    if (!is_line(column, 1, 64)) return CsvProblem{1, "each column needs a name"};
    if (!seen.insert(column).second)
      return CsvProblem{1, "the column " + column + " is there twice"};
  }
  return std::nullopt;
}

CsvRow row_of(const CsvTable& table, Record& record, int line) {
  CsvRow row;
  row.line = line;
  for (std::size_t i = 0; i < record.size(); ++i) {
    undo_apostrophe(record[i]);
    row.cells.emplace(table.columns[i], std::move(record[i]));
  }
  return row;
}

CsvParsed wrong(int line, std::string detail) {
  return {{}, CsvProblem{line, std::move(detail)}};
}

}  // namespace

std::optional<std::string> CsvRow::maybe(std::string_view name) const {
  const auto it = cells.find(name);
  if (it == cells.end() || it->second.empty()) return std::nullopt;
  return it->second;
}

std::optional<std::vector<std::string>> CsvRow::maybe_list(std::string_view name,
                                                           char between) const {
  const auto cell = maybe(name);
  if (!cell) return std::nullopt;
  std::vector<std::string> out;
  for (std::string_view rest = *cell; !rest.empty();) {
    const auto end = std::min(rest.find(between), rest.size());
    if (auto item = trimmed(rest.substr(0, end)); !item.empty()) out.push_back(std::move(item));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

CsvParsed parse_csv(std::string_view text) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (text.starts_with(mark)) text.remove_prefix(mark.size());
  if (text.size() > most_csv_size) return wrong(1, "at most 4 MiB");
  if (!bytes::is_utf8(text)) return wrong(1, "the file must be UTF-8");
  Reader reader{text, separator_of(text)};
  Record record;
  if (reader.done() || !reader.record(record)) return wrong(1, "a head line with column names");
  CsvParsed out;
  out.problem = read_head(record, out.table);
  while (!out.problem && !reader.done()) {
    const auto line = reader.line();
    if (!reader.record(record)) return wrong(line, "a quote stands in the middle, or none ends it");
    if (is_blank(record)) continue;
    if (record.size() != out.table.columns.size())
      return wrong(line, std::to_string(record.size()) + " cells where the head has " +
                             std::to_string(out.table.columns.size()));
    if (out.table.rows.size() == most_csv_rows) return wrong(line, "at most 5000 rows");
    out.table.rows.push_back(row_of(out.table, record, line));
  }
  return out;
}

}  // namespace sp::inventory
