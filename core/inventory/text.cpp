#include "core/inventory/text.h"

#include <algorithm>
#include <set>

#include "base/bytes/bytes.h"

namespace sp::inventory {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(blank) - first + 1)};
}

bool is_line(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most && bytes::is_utf8(text) &&
         std::ranges::none_of(text, [](char c) { return control(static_cast<unsigned char>(c)); });
}

bool is_text(std::string_view text, std::size_t most) {
  return text.size() <= most && bytes::is_utf8(text) && std::ranges::none_of(text, [](char c) {
           return c != '\n' && c != '\r' && c != '\t' && control(static_cast<unsigned char>(c));
         });
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "\n" : "") + item + "\n";
  return out;
}

std::vector<std::string> split(std::string_view column) {
  std::vector<std::string> out;
  while (!column.empty()) {
    const auto end = std::min(column.find('\n'), column.size());
    if (end > 0) out.emplace_back(column.substr(0, end));
    column.remove_prefix(std::min(end + 1, column.size()));
  }
  return out;
}

std::vector<std::string> distinct(std::vector<std::string> items) {
  std::set<std::string> seen;
  std::vector<std::string> out;
  for (auto& item : items)
    if (!item.empty() && seen.insert(item).second) out.push_back(std::move(item));
  return out;
}

std::vector<std::string> tidied(std::vector<std::string> items) {
  for (auto& item : items) item = trimmed(item);
  return distinct(std::move(items));
}

std::string literal(std::string_view part) {
  std::string out;
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '!') out += '!';
    out += c;
  }
  return out;
}

std::string pattern_of(std::string_view part) {
  return "%" + literal(folded(part)) + "%";
}

std::string text_of(const PageKey& key) {
  return key.name_key + "\n" + key.id;
}

Result<PageKey> page_key(std::string_view text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos)
    return Error{Code::invalid_input, "after: not a cursor of this list"};
  return PageKey{std::string{text.substr(0, end)}, std::string{text.substr(end + 1)}};
}

// Greedy, with one place to come back to: the last `*`.
bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || lower(pattern[p]) == lower(text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace sp::inventory
