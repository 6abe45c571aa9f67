#include "edge-gateway/sessions/pace.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;
using namespace std::chrono_literals;

namespace {
const Steady start{1h};
}

TEST_CASE("a session that nobody uses ends, one that is used does not", "[gateway]") {
  Pace pace{15min, 8h, start};

  pace.active(start + 10min);

  CHECK_FALSE(pace.over(start + 24min));
  CHECK(pace.over(start + 25min) == "idle");
  pace.active(start + 8h);
  CHECK(pace.over(start + 8h) == "limit");
}

TEST_CASE("an end is announced five minutes and one minute before, once each", "[gateway]") {
  Pace pace{15min, 8h, start};
  CHECK(pace.next() == start + 10min);
  CHECK_FALSE(pace.warning(start + 9min));

  const auto first = pace.warning(start + 10min);
  REQUIRE(first);
  CHECK(first->code == "idle");
  CHECK(first->left == 5min);
  CHECK_FALSE(pace.warning(start + 11min));
  CHECK(pace.next() == start + 14min);
  const auto second = pace.warning(start + 14min);
  REQUIRE(second);
  CHECK(second->left == 1min);
  CHECK_FALSE(pace.warning(start + 14min));
  CHECK(pace.next() == start + 15min);
}

TEST_CASE("who goes on is warned anew", "[gateway]") {
  Pace pace{15min, 8h, start};
  REQUIRE(pace.warning(start + 10min));

  pace.active(start + 12min);

  CHECK_FALSE(pace.warning(start + 20min));
  CHECK(pace.warning(start + 22min));
}

TEST_CASE("a time that is shorter than its warning ends without", "[gateway]") {
  Pace pace{30s, 90s, start};

  CHECK_FALSE(pace.warning(start + 29s));
  pace.active(start + 29s);
  CHECK(pace.warning(start + 30s)->code == "limit");
  CHECK(pace.over(start + 59s) == "idle");
}
