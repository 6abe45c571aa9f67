#pragma once
// When a session ends by its ticket's times, and what its user is told before. Pure.

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "base/time/clock.h"

namespace sp::edge_gateway {

using Steady = std::chrono::steady_clock::time_point;

class Pace {
 public:
  Pace(Duration idle, Duration total, Steady begun)
      : ends_{{{.code = "idle", .after = idle, .from = begun, .told = idle},
               {.code = "limit", .after = total, .from = begun, .told = total}}} {}

  /// The user did something.
  void active(Steady now);
  /// The reason of an end that is due.
  [[nodiscard]] std::optional<std::string_view> over(Steady now) const;

  struct Warning {
    std::string_view code;
    Duration left{};
  };
  /// Each is given once, 5 minutes and 1 minute before its end; a shorter one is not announced.
  std::optional<Warning> warning(Steady now);

  [[nodiscard]] Duration idle() const { return ends_[0].after; }
  [[nodiscard]] Duration left(Steady now) const { return ends_[1].left(now); }
  /// When to look again.
  [[nodiscard]] Steady next() const;

 private:
  struct End {
    std::string_view code;
    Duration after{};
    Steady from;
    Duration told{};  // what was left at the last warning; `after` before the first
    [[nodiscard]] Duration left(Steady now) const;
    [[nodiscard]] Duration next_warning() const;  // by what is left then; zero: none
  };
  std::array<End, 2> ends_;
};

}  // namespace sp::edge_gateway
