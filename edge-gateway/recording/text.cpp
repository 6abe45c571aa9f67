#include "edge-gateway/recording/text.h"

#include <fmt/format.h>

namespace sp::edge_gateway::recording {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

/// What stands at the front of `text`: a character, part of one that goes on, or no UTF-8.
struct Front {
  enum Kind { whole, beginning, wrong } kind;
  std::size_t size;
};

std::uint8_t at(std::string_view text, std::size_t index) {
  return static_cast<std::uint8_t>(text[index]);
}
std::size_t size_by_first(std::uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}
// RFC 3629 section 4: the second byte alone tells overlong forms, surrogates and what is too large.
bool is_second(std::uint8_t first, std::uint8_t second) {
  const std::uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const std::uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high;
}

Front front(std::string_view text) {
  const auto first = at(text, 0);
  const auto size = size_by_first(first);
  if (size == 0) return {Front::wrong, 1};
  for (std::size_t index = 1; index < size; ++index) {
    if (index == text.size()) return {Front::beginning, index};
    const auto byte = at(text, index);
    const bool fits = index == 1 ? is_second(first, byte) : byte >= 0x80 && byte <= 0xbf;
    if (!fits) return {Front::wrong, index};  // one U+FFFD for as much as could have begun one
  }
  return {Front::whole, size};
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04x}", byte);
    else
      out += c;
  }
  return out += '"';
}

}  // namespace

std::string Utf8Joiner::take(BytesView piece) {
  const auto all = std::exchange(kept_, {}) + std::string{bytes::text(piece)};
  std::string out;
  out.reserve(all.size());
  for (std::string_view rest = all; !rest.empty();) {
    const auto [kind, size] = front(rest);
    if (kind == Front::beginning) {
      kept_ = rest;
      break;
    }
    out += kind == Front::whole ? rest.substr(0, size) : replacement;
    rest.remove_prefix(size);
  }
  return out;
}

std::string Utf8Joiner::finish() {
  return std::exchange(kept_, {}).empty() ? std::string{} : std::string{replacement};
}

std::string head_line(const Head& head) {
  return fmt::format(R"({{"version":2,"width":{},"height":{},"timestamp":{},"title":{}}})"
                     "\n",
                     head.columns, head.rows, to_millis(head.at) / 1000, quoted(head.title));
}

std::string event_line(Duration since_begin, LineKind kind, std::string_view text) {
  const auto millis = since_begin.count();
  return fmt::format("[{}.{:03}, \"{}\", {}]\n", millis / 1000, millis % 1000,
                     static_cast<char>(kind), quoted(text));
}

}  // namespace sp::edge_gateway::recording
