#include "base/time/clock.h"

#include "base/testing/catch.h"

namespace sp {
namespace {

TEST_CASE("a time survives its text", "[time]") {
  const auto at = from_millis(1'795'472'763'120);

  CHECK(rfc3339(at) == "2026-11-23T22:26:03.120Z");
  CHECK(*parse_rfc3339(rfc3339(at)) == at);
  CHECK(*parse_rfc3339("2026-11-23T22:26:03Z") == from_millis(1'795'472'763'000));
}

TEST_CASE("what is no time is refused", "[time]") {
  const auto text = GENERATE("", "2026-11-23", "2026-13-23T22:26:03Z", "2026-02-30T22:26:03Z",
                             "2026-11-23T24:26:03Z", "2026-11-23T22:26:03+01:00",
                             "2026-11-23t22:26:03Z", "+026-11-23T22:26:03Z");

  CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("durations are typed as people type them", "[time]") {
  CHECK(*parse_duration("30m") == std::chrono::minutes{30});
  CHECK(*parse_duration("2d") == std::chrono::hours{48});
  CHECK(to_text(std::chrono::hours{48}) == "2d");
  CHECK(to_text(std::chrono::minutes{90}) == "90m");
}

TEST_CASE("what is no duration is refused", "[time]") {
  const auto text = GENERATE("", "m", "30", "-1d", "1.5h", "3 h", "9999999999999999999d", "4000d");

  CHECK_FALSE(parse_duration(text));
}

}  // namespace
}  // namespace sp
