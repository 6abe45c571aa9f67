#include "base/time/clock.h"

#include <fmt/compile.h>

#include <array>
#include <charconv>

namespace sp {
namespace {

Error malformed(const char* what) {
  return Error{Code::invalid_input, what};
}

/// Exactly `count` digits of `text` from `offset`.
Result<int> digits(std::string_view text, std::size_t offset, std::size_t count) {
  int value = 0;
  const auto* first = text.data() + offset;
  if (*first < '0' || *first > '9') return malformed("not a number");
  const auto [end, error] = std::from_chars(first, first + count, value);
  if (error != std::errc{} || end != first + count) return malformed("not a number");
  return value;
}

struct Unit {
  char letter;
  std::int64_t millis;
};
constexpr std::array<Unit, 4> units{
    {{'d', 86'400'000}, {'h', 3'600'000}, {'m', 60'000}, {'s', 1'000}}};
constexpr std::int64_t ten_years = 10 * 366 * 86'400'000LL;

}  // namespace

std::string rfc3339(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"),
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

Result<Instant> parse_rfc3339(std::string_view text) {
  const bool whole = text.size() == 20;
  if (!whole && text.size() != 24) return malformed("not a time");
  const bool marks = text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' &&
                     text[16] == ':' && text.back() == 'Z' && (whole || text[19] == '.');
  if (!marks) return malformed("not a time");
  const std::chrono::year_month_day date{
      std::chrono::year{TRY(digits(text, 0, 4))},
      std::chrono::month{static_cast<unsigned>(TRY(digits(text, 5, 2)))},
      std::chrono::day{static_cast<unsigned>(TRY(digits(text, 8, 2)))}};
  const int hour = TRY(digits(text, 11, 2));
  const int minute = TRY(digits(text, 14, 2));
  const int second = TRY(digits(text, 17, 2));
  const int milli = whole ? 0 : TRY(digits(text, 20, 3));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return malformed("no such time");
  return Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second} + Duration{milli};
}

Result<Duration> parse_duration(std::string_view text) {
  if (text.size() < 2 || text.front() < '0' || text.front() > '9')
    return malformed("not a duration");
  std::int64_t count = 0;
  const auto* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data(), last, count);
  if (error != std::errc{} || end != last) return malformed("not a duration");
  for (const auto& unit : units) {
    if (unit.letter != *last) continue;
    if (count > ten_years / unit.millis) return malformed("longer than ten years");
    return Duration{count * unit.millis};
  }
  return malformed("unknown unit");
}

std::string to_text(Duration duration) {
  for (const auto& unit : units) {
    if (duration.count() != 0 && duration.count() % unit.millis == 0)
      return fmt::format("{}{}", duration.count() / unit.millis, unit.letter);
  }
  return fmt::format("{}s", duration.count() / 1000);
}

}  // namespace sp
