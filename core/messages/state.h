#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result/result.h"

namespace sp::messages {

/// The life of a message as the core knows it.
enum class State : std::uint8_t {
  queued,     ///< waits for its edge
  live,       ///< can be opened
  viewed,     ///< was opened and has views left
  destroyed,  ///< ended at the edge: see Reason
  expired,    ///< its time was over
  revoked,    ///< its sender ended it
  lost,       ///< the edge lost it
  failed,     ///< the edge refused it
};
std::string_view name(State state);
Result<State> state_named(std::string_view text);

/// True for a message that can still be opened or will be.
bool is_running(State state);
/// The one table of moves. An ended message never moves again: what comes late changes nothing.
bool may_move(State from, State to);

/// Why a message ended, in the words of docs/formats/pushpull.md section 4.
enum class Reason : std::uint8_t { views, expired, recipient, sender, passphrase, resync };
std::string_view name(Reason reason);
std::optional<Reason> reason_named(std::string_view text);
/// Where an end for this reason leads.
State state_after(Reason reason);

}  // namespace sp::messages
