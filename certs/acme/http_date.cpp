#include <algorithm>
#include <array>
#include <charconv>

#include "certs/acme/session.h"

namespace sp::acme {
namespace {

constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::string two_digits(std::size_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

// "Tue, 24 Nov 2026 17:30:00 GMT": fixed columns.
Result<Instant> parse_http_date(std::string_view text) {
  const Error refused{Code::invalid_input, "no HTTP date"};
  if (text.size() != 29 || text.substr(25) != " GMT") return refused;
  const auto month = std::ranges::find(months, text.substr(8, 3));
  if (month == months.end() || !number(text.substr(5, 2)) || !number(text.substr(12, 4)))
    return refused;
  return parse_rfc3339(std::string{text.substr(12, 4)} + "-" +
                       two_digits(static_cast<std::size_t>(month - months.begin()) + 1) + "-" +
                       std::string{text.substr(5, 2)} + "T" + std::string{text.substr(17, 8)} +
                       "Z");
}

}  // namespace sp::acme
