#include "core/sessions/internal/told.h"

#include <algorithm>

#include "base/bytes/bytes.h"

namespace sp::sessions {
namespace {

constexpr std::size_t most_word = 64, most_key = 16U << 10U;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool all_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text, [&](char c) {
    return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string told_word(std::string_view text) {
  constexpr std::string_view others = ".:/_-[]%";
  std::string out;
  for (const char c : text.substr(0, most_word))
    if (is_letter_or_digit(c) || others.find(c) != std::string_view::npos) out += c;
  return out;
}

std::string told_text(std::string_view text, std::size_t most) {
  text = text.substr(0, most);
  for (int cut = 0; cut < 3 && !bytes::is_utf8(text); ++cut) text.remove_suffix(1);
  std::string out{text};
  const bool readable = bytes::is_utf8(out);
  std::ranges::replace_if(
      out,
      [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f || (!readable && byte >= 0x80);
      },
      '?');
  return out;
}

std::string told_key(std::string_view text) {
  const auto space = text.find(' ');
  if (text.size() > most_key || space == std::string_view::npos) return {};
  const auto type = text.substr(0, space), key = text.substr(space + 1);
  const bool good = !type.empty() && !key.empty() && all_of(type, "-@.") && all_of(key, "+/=");
  return good ? std::string{text} : std::string{};
}

}  // namespace sp::sessions
