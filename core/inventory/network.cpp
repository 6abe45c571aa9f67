#include "core/inventory/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

namespace sp::inventory {
namespace {

std::optional<std::vector<std::uint8_t>> parse(std::string_view text) {
  const std::string terminated{text};
  std::array<std::uint8_t, 16> raw{};
  if (::inet_pton(AF_INET, terminated.c_str(), raw.data()) == 1)
    return std::vector<std::uint8_t>{raw.begin(), raw.begin() + 4};
  if (::inet_pton(AF_INET6, terminated.c_str(), raw.data()) == 1)
    return std::vector<std::uint8_t>{raw.begin(), raw.end()};
  return std::nullopt;
}

bool clear_behind(const std::vector<std::uint8_t>& address, unsigned prefix) {
  for (unsigned bit = prefix; bit < address.size() * 8; ++bit)
    if ((address[bit / 8] & (0x80U >> (bit % 8))) != 0) return false;
  return true;
}

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label,
                             [](char c) { return letter_or_digit(c) || c == '-' || c == '_'; });
}

// Some resolvers read a name whose last label is a number ("1.2", "0x7f.1") as an address.
bool is_number(std::string_view label) {
  return std::ranges::all_of(label, [](char c) { return c >= '0' && c <= '9'; }) ||
         label.starts_with("0x") || label.starts_with("0X");
}

}  // namespace

bool is_address(std::string_view text) {
  return parse(text).has_value();
}

bool is_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse(text.substr(0, slash));
  if (!address) return false;
  if (slash == std::string_view::npos) return true;
  const auto digits = text.substr(slash + 1);
  unsigned prefix = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  return problem == std::errc{} && end == digits.data() + digits.size() &&
         (digits.size() == 1 || digits.front() != '0') && prefix <= address->size() * 8 &&
         clear_behind(*address, prefix);
}

bool is_host(std::string_view text) {
  if (is_address(text)) return true;
  if (text.empty() || text.size() > 253) return false;
  std::string_view last;
  for (auto rest = text;;) {
    const auto dot = rest.find('.');
    last = rest.substr(0, dot);
    if (!is_label(last)) return false;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  return !is_number(last);
}

}  // namespace sp::inventory
