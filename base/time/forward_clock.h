#pragma once
#include <atomic>
#include <functional>

#include "base/time/clock.h"

namespace sp {

/// A clock that never runs back (promise 7): the latest of the machine's clock, what was ever seen,
/// and what was seen last plus the steady time since. So a machine whose clock is set back keeps
/// its messages no longer than it said, and none that has expired comes back. Safe from every
/// thread.
class ForwardClock final : public Clock {
 public:
  /// A time that only grows, from an arbitrary zero; it may stand still in a test.
  using Steady = std::function<Duration()>;
  /// `seen` is the latest moment that was stored; kept by the caller with `now()` at times.
  ForwardClock(const Clock& machine, Steady steady, Instant seen)
      : machine_(&machine),
        steady_(std::move(steady)),
        lead_(to_millis(seen) - steady_().count()) {}

  [[nodiscard]] Instant now() const override {
    const auto ticks = steady_().count();
    const auto wanted = to_millis(machine_->now()) - ticks;
    auto lead = lead_.load();
    while (wanted > lead && !lead_.compare_exchange_weak(lead, wanted)) {
    }
    return from_millis(std::max(wanted, lead) + ticks);
  }
  /// How far the machine's clock is behind; what is reported as a warning when it is over a second.
  [[nodiscard]] Duration behind() const { return now() - machine_->now(); }

 private:
  const Clock* machine_;
  Steady steady_;
  mutable std::atomic<std::int64_t> lead_;  // of the time of day over the steady time
};

}  // namespace sp
