#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "base/result/result.h"

namespace sp {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;  ///< UTC.

constexpr std::int64_t to_millis(Instant at) {
  return at.time_since_epoch().count();
}
constexpr Instant from_millis(std::int64_t millis) {
  return Instant{Duration{millis}};
}

/// "2026-11-23T22:26:03.120Z" (RFC 3339, always UTC, always milliseconds).
std::string rfc3339(Instant at);
/// Reads what `rfc3339` writes; also without the fraction. Offsets other than Z are refused.
Result<Instant> parse_rfc3339(std::string_view text);

/// "30m", "3h", "2d": a whole number and a unit s, m, h or d. At most ten years.
Result<Duration> parse_duration(std::string_view text);
/// The shortest exact form of it: "90m", "1d".
std::string to_text(Duration duration);

/// Where the time of day comes from. Handed in from main, so that a test chooses it.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

}  // namespace sp
