#include "edge-gateway/door/refusals.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;
using namespace std::chrono_literals;

namespace {
const Instant start = from_millis(1'800'000'000'000);
}

TEST_CASE("a refusal is told at once, and those like it once a minute with a count", "[gateway]") {
  Refusals refusals;

  const auto first = refusals.note("used", "192.0.2.0/24", start);
  REQUIRE(first);
  CHECK(first->count == 1);
  CHECK_FALSE(refusals.note("used", "192.0.2.0/24", start + 1s));
  CHECK_FALSE(refusals.note("used", "192.0.2.0/24", start + 2s));
  CHECK(refusals.note("late", "192.0.2.0/24", start + 2s));
  CHECK(refusals.due(start + 59s).empty());

  const auto later = refusals.due(start + 60s);
  REQUIRE(later.size() == 1);
  CHECK(later[0].reason == "used");
  CHECK(later[0].count == 2);
  CHECK(refusals.due(start + 119s).empty());
  CHECK(refusals.due(start + 121s).empty());
  CHECK(refusals.note("used", "192.0.2.0/24", start + 122s));
}

TEST_CASE("a thousand sources do not make it grow", "[gateway]") {
  Refusals refusals;
  for (int i = 0; i < 3'000; ++i) refusals.note("unknown", std::to_string(i), start);

  const auto told = refusals.due(start + 60s);

  REQUIRE(told.size() == 1);
  CHECK(told[0].source == "many");
  CHECK(told[0].count == 3'000 - Refusals::most_sources - 1);
}
