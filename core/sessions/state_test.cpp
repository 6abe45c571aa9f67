#include "core/sessions/state.h"

#include "base/testing/catch.h"

namespace sp::sessions {

using enum State;

TEST_CASE("states keep their names", "[sessions]") {
  for (const auto state : {waiting, opening, running, ended, expired, revoked, failed, lost})
    CHECK(state_named(name(state)).value() == state);
  CHECK_FALSE(state_named("open"));
}

TEST_CASE("an ended session never lives again", "[sessions]") {
  for (const auto over : {ended, failed, lost})
    for (const auto to : {waiting, opening, running, ended, expired, revoked, failed, lost})
      CHECK_FALSE(may_move(over, to));
}

TEST_CASE("a gateway is believed that a ticket was redeemed after all", "[sessions][promise-6]") {
  CHECK(may_move(expired, opening));
  CHECK(may_move(revoked, opening));
  CHECK_FALSE(may_move(running, expired));
  CHECK_FALSE(may_move(opening, revoked));
}

TEST_CASE("the reasons of an end are those of the format", "[sessions]") {
  CHECK(is_end_reason("logout"));
  CHECK(is_end_reason("restarted"));
  CHECK_FALSE(is_end_reason("because"));
  CHECK_FALSE(is_end_reason(""));
}

}  // namespace sp::sessions
