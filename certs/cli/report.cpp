#include "certs/cli/report.h"

#include <algorithm>
#include <ostream>

namespace sp::certs {
namespace {

std::string text_of(const Report::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  std::string all;
  for (const auto& one : std::get<std::vector<std::string>>(value))
    all += (all.empty() ? "" : " ") + one;
  return all;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string without_end(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

Report& Report::add(std::string key, std::string label, Value value) {
  facts_.push_back({std::move(key), std::move(label), std::move(value)});
  return *this;
}

Report& Report::add_rows(std::string key, std::vector<Report> rows) {
  for (const auto& row : rows) ensure(row.facts_.size() == rows.front().facts_.size());
  rows_key_ = std::move(key);
  rows_ = std::move(rows);
  return *this;
}

Report& Report::append(Report more) {
  for (auto& fact : more.facts_) facts_.push_back(std::move(fact));
  if (!more.rows_key_.empty()) add_rows(std::move(more.rows_key_), std::move(more.rows_));
  return *this;
}

std::string Report::text() const {
  std::size_t width = 13;
  for (const auto& fact : facts_) width = std::max(width, fact.label.size() + 2);
  std::string out;
  for (const auto& fact : facts_)
    if (!fact.label.empty()) out += padded(fact.label + ":", width) + text_of(fact.value) + "\n";
  if (rows_.empty()) return out;
  std::vector<std::size_t> widths;
  const auto& heads = rows_.front().facts_;
  for (std::size_t column = 0; column < heads.size(); ++column) {
    auto widest = heads[column].label.size();
    for (const auto& row : rows_)
      widest = std::max(widest, text_of(row.facts_[column].value).size());
    widths.push_back(widest + 2);
  }
  const auto line = [&](const Report& row, bool head) {
    std::string cells;
    for (std::size_t i = 0; i < row.facts_.size(); ++i)
      if (!heads[i].label.empty())
        cells += padded(head ? heads[i].label : text_of(row.facts_[i].value), widths[i]);
    return without_end(cells);
  };
  out += line(rows_.front(), true);
  for (const auto& row : rows_) out += line(row, false);
  return out;
}

void Report::print(Context& context) const {
  context.out << (context.json ? json() + "\n" : text());
}

void add_description(Report& report, const Description& what) {
  const auto days = std::to_string(what.days_left);
  report.add("subject", "", what.subject)
      .add("issuer", "", what.issuer)
      .add("names", what.names.empty() ? "" : "for", what.names)
      .add("valid_from", "", rfc3339(what.from))
      .add("valid_until", "", rfc3339(what.until))
      .add("days_left", "", what.days_left)
      .add("authority", "", what.authority)
      .add("sha256", "", what.fingerprint)
      .add("pin", "", what.pin)
      .add("", "valid until", rfc3339(what.until) + " (" + days + " days)");
}

}  // namespace sp::certs
