#include "base/time/forward_clock.h"

#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"

using namespace sp;
using namespace std::chrono_literals;

namespace {
const Instant start = from_millis(1'800'000'000'000);
}

TEST_CASE("the edges' time never runs back, and goes on while the machine's is behind",
          "[time][promise-7]") {
  testing::ManualClock machine{start};
  Duration ticks{0};
  const ForwardClock clock{machine, [&] { return ticks; }, start - 1h};
  CHECK(clock.now() == start);

  machine.set(start - 24h);
  ticks = 5s;

  CHECK(clock.now() == start + 5s);
  CHECK(clock.behind() == 24h + 5s);
}

TEST_CASE("the edges' time starts no earlier than it was last seen", "[time][promise-7]") {
  const testing::ManualClock machine{start};

  const ForwardClock clock{machine, [] { return Duration{77}; }, start + 2h};

  CHECK(clock.now() == start + 2h);
}
