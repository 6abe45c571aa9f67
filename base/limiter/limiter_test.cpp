#include "base/limiter/limiter.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp;
using namespace std::chrono_literals;

namespace {
const Instant start = from_millis(1'800'000'000'000);

void spend(Limiter& limiter, std::string_view key, int times) {
  for (int i = 0; i < times; ++i) limiter.spend(bytes::of(key), start);
}
}  // namespace

TEST_CASE("a burst passes, then one each interval", "[limiter]") {
  OsRandom random;
  Limiter limiter{{.burst = 3, .every = 10s}, 64, random};

  spend(limiter, "a", 2);
  CHECK_FALSE(limiter.blocked(bytes::of("a"), start));
  spend(limiter, "a", 1);

  CHECK(limiter.blocked(bytes::of("a"), start) == Duration{10s});
  CHECK_FALSE(limiter.blocked(bytes::of("a"), start + 10s));
  CHECK_FALSE(limiter.blocked(bytes::of("b"), start));
}

TEST_CASE("a million keys do not make a limiter grow, and it still counts", "[limiter]") {
  OsRandom random;
  Limiter limiter{{.burst = 1, .every = 10s}, 1024, random};
  for (int i = 0; i < 1'000'000; ++i) limiter.spend(bytes::of(std::to_string(i)), start);

  limiter.spend(bytes::of("last"), start);

  CHECK(limiter.blocked(bytes::of("last"), start));
}

TEST_CASE("a source is told as a network, never as an address", "[limiter]") {
  CHECK(source_network("203.0.113.77") == "203.0.113.0/24");
  CHECK(source_network("::ffff:203.0.113.77") == "203.0.113.0/24");
  CHECK(source_network("2001:db8:1234:5678::1") == "2001:db8:1234::/48");
  CHECK(source_network("nonsense") == "unknown");
}
