#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result/result.h"

namespace sp::sessions {

/// The life of a session with a host, as the core knows it.
enum class State : std::uint8_t {
  waiting,  ///< its ticket is out
  opening,  ///< its ticket was redeemed; the gateway dials and signs in
  running,
  ended,    ///< see Reason
  expired,  ///< nobody came with the ticket
  revoked,  ///< ended before somebody came
  failed,   ///< the gateway did not take the ticket
  lost,     ///< the gateway is gone
};
std::string_view name(State state);
Result<State> state_named(std::string_view text);

/// True for a session that runs or may still begin.
bool is_open(State state);
/// The one table of moves. A gateway may say that a ticket was redeemed which the core had given
/// up: then the session lives, and the gateway is right.
bool may_move(State from, State to);

/// Why a session ended: docs/formats/ticket.md section 4.
bool is_end_reason(std::string_view text);

}  // namespace sp::sessions
