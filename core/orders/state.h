#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace sp::orders {

/// Where one certificate of an order stands. It never ends: what is shown is renewed, what failed
/// is tried again.
enum class State : std::uint8_t {
  requesting,  ///< the edge is to make a key and tell its request
  ordering,    ///< the CA is asked
  installing,  ///< the edge is to show what the CA issued
  installed,   ///< it is shown
  failed,      ///< the last attempt failed; another one follows
};
std::string_view name(State state);
std::optional<State> state_named(std::string_view text);

/// The one table of moves.
bool may_move(State from, State to);
/// The one of two that needs more attention, for the state of a whole order.
State worse(State a, State b);

}  // namespace sp::orders
