#pragma once
// What a link has noticed, and the light that follows from it.

#include <optional>
#include <string>

#include "base/time/clock.h"
#include "pushpull/link/link.h"

namespace sp::pushpull::internal {

struct Noticed {
  bool enrolled = false;
  Instant kit_expires_at{};
  std::optional<HelloResponse> hello;
  std::optional<Instant> last_contact;
  Duration clock_skew{};
  std::optional<Instant> failing_since;  ///< of the first failure after the last success
  std::optional<Error> failure;          ///< the latest one, while failing
};

/// Decides; values in, value out.
LinkHealth judge(const Noticed& noticed, std::uint64_t items_waiting, Instant now);

}  // namespace sp::pushpull::internal
