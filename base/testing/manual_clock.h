#pragma once
#include <atomic>

#include "base/time/clock.h"

namespace sp::testing {

/// A clock that stands still until told to move. Safe to read from other threads.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = from_millis(1'800'000'000'000)) : now_(start) {}
  [[nodiscard]] Instant now() const override { return now_.load(); }
  void advance(Duration by) { now_ = now_.load() + by; }
  void set(Instant at) { now_ = at; }

 private:
  std::atomic<Instant> now_;
};

}  // namespace sp::testing
