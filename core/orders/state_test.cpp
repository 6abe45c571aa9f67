#include "core/orders/state.h"

#include "base/testing/catch.h"

namespace sp::orders {
namespace {

TEST_CASE("every state of a leaf has a name of its own", "[orders]") {
  using enum State;
  for (const auto state : {requesting, ordering, installing, installed, failed})
    CHECK(state_named(name(state)) == state);
  CHECK_FALSE(state_named("done").has_value());
}

TEST_CASE("a leaf goes from the edge to the CA and back, and can fail anywhere", "[orders]") {
  using enum State;
  CHECK(may_move(requesting, ordering));
  CHECK(may_move(ordering, installing));
  CHECK(may_move(installing, installed));
  CHECK(may_move(installed, requesting));
  for (const auto state : {requesting, ordering, installing}) CHECK(may_move(state, failed));
  CHECK_FALSE(may_move(installed, failed));
  CHECK_FALSE(may_move(requesting, installing));
  CHECK_FALSE(may_move(ordering, installed));
}

TEST_CASE("an order shows the state that needs most attention", "[orders]") {
  CHECK(worse(State::installed, State::failed) == State::failed);
  CHECK(worse(State::failed, State::ordering) == State::failed);
  CHECK(worse(State::installed, State::installing) == State::installing);
  CHECK(worse(State::installed, State::installed) == State::installed);
}

}  // namespace
}  // namespace sp::orders
