#include "core/messages/state.h"

#include "base/testing/catch.h"

using namespace sp::messages;

TEST_CASE("every state and reason is read back from its name", "[messages]") {
  for (const auto state : {State::queued, State::live, State::viewed, State::destroyed,
                           State::expired, State::revoked, State::lost, State::failed})
    CHECK(*state_named(name(state)) == state);
  for (const auto reason : {Reason::views, Reason::expired, Reason::recipient, Reason::sender,
                            Reason::passphrase, Reason::resync})
    CHECK(*reason_named(name(reason)) == reason);
  CHECK_FALSE(state_named("opened"));
  CHECK_FALSE(reason_named(""));
}

TEST_CASE("an ended message never moves again", "[messages][promise-7]") {
  for (const auto from :
       {State::destroyed, State::expired, State::revoked, State::lost, State::failed}) {
    CHECK_FALSE(is_running(from));
    for (const auto to : {State::queued, State::live, State::viewed, State::destroyed,
                          State::expired, State::revoked, State::lost, State::failed})
      CHECK_FALSE(may_move(from, to));
  }
}

TEST_CASE("a message that was seen does not become merely live", "[messages]") {
  CHECK(may_move(State::queued, State::live));
  CHECK(may_move(State::live, State::viewed));
  CHECK_FALSE(may_move(State::viewed, State::live));
  CHECK_FALSE(may_move(State::live, State::queued));
}
