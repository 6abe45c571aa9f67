#include "base/setup/settings_text.h"

#include <array>
#include <cstdio>
#include <optional>
#include <vector>

namespace sp::setup {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string_view without_blanks(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
    line.remove_suffix(1);
  return line;
}

bool is_header(std::string_view line) {
  return without_blanks(line).starts_with('[');
}

bool is_header_of(std::string_view line, std::string_view table) {
  line = without_blanks(line.substr(0, line.find('#')));
  if (!line.starts_with('[') || !line.ends_with(']')) return false;
  return without_blanks(line.substr(1, line.size() - 2)) == table;
}

bool sets(std::string_view line, std::string_view key) {
  const auto equals = line.find('=');
  return equals != std::string_view::npos && without_blanks(line.substr(0, equals)) == key;
}

// Where the table's lines begin and end; nothing when it is not there.
struct Range {
  std::size_t begin, end;
};
std::optional<Range> find_table(const std::vector<std::string>& lines, std::string_view table) {
  std::size_t at = 0;
  while (at < lines.size() && !is_header_of(lines[at], table)) ++at;
  if (at == lines.size()) return std::nullopt;
  auto end = at + 1;
  while (end < lines.size() && !is_header(lines[end])) ++end;
  while (end > at + 1 && without_blanks(lines[end - 1]).empty()) --end;
  return Range{at + 1, end};
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

std::string with_line(std::string_view text, std::string_view table, std::string_view key,
                      const std::string& value) {
  auto lines = lines_of(text);
  const auto line = std::string{key} + " = " + value;
  const auto range = find_table(lines, table);
  if (!range) {
    if (!lines.empty()) lines.emplace_back();
    lines.push_back("[" + std::string{table} + "]");
    lines.push_back(line);
    return joined(lines);
  }
  for (auto at = range->begin; at < range->end; ++at) {
    if (!sets(lines[at], key)) continue;
    lines[at] = line;
    return joined(lines);
  }
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(range->end), line);
  return joined(lines);
}

}  // namespace

std::string quoted(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (code >= 0x20 && code != 0x7f) {
      out += c;
      continue;
    }
    std::array<char, 8> escaped{};
    std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(code));
    out += escaped.data();
  }
  return out + "\"";
}

std::string with_setting(std::string_view text, std::string_view table, std::string_view key,
                         std::string_view value) {
  return with_line(text, table, key, quoted(value));
}

std::string with_list(std::string_view text, std::string_view table, std::string_view key,
                      const std::vector<std::string>& values) {
  std::string list;
  for (const auto& value : values) list += (list.empty() ? "" : ", ") + quoted(value);
  return with_line(text, table, key, "[" + list + "]");
}

}  // namespace sp::setup
