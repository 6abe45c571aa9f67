#include "core/sessions/state.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sp::sessions {
namespace {

using enum State;

constexpr std::array names{std::pair{waiting, std::string_view{"waiting"}},
                           std::pair{opening, std::string_view{"opening"}},
                           std::pair{running, std::string_view{"running"}},
                           std::pair{ended, std::string_view{"ended"}},
                           std::pair{expired, std::string_view{"expired"}},
                           std::pair{revoked, std::string_view{"revoked"}},
                           std::pair{failed, std::string_view{"failed"}},
                           std::pair{lost, std::string_view{"lost"}}};

constexpr std::array moves{
    std::pair{waiting, opening}, std::pair{waiting, running}, std::pair{waiting, ended},
    std::pair{waiting, expired}, std::pair{waiting, revoked}, std::pair{waiting, failed},
    std::pair{waiting, lost},    std::pair{opening, running}, std::pair{opening, ended},
    std::pair{opening, lost},    std::pair{running, ended},   std::pair{running, lost},
    std::pair{expired, opening}, std::pair{expired, running}, std::pair{expired, ended},
    std::pair{revoked, opening}, std::pair{revoked, running}, std::pair{revoked, ended}};

constexpr std::array<std::string_view, 15> reasons{
    "logout",     "closed",   "idle",        "limit",     "terminated",
    "lost",       "hung_up",  "unreachable", "address",   "host_key",
    "credential", "protocol", "disk_full",   "restarted", "internal"};

}  // namespace

std::string_view name(State state) {
  return std::ranges::find(names, state, [](const auto& entry) { return entry.first; })->second;
}

Result<State> state_named(std::string_view text) {
  const auto found = std::ranges::find(names, text, [](const auto& entry) { return entry.second; });
  if (found == names.end()) return Error{Code::invalid_input, "state: unknown"};
  return found->first;
}

bool is_open(State state) {
  return state == waiting || state == opening || state == running;
}

bool may_move(State from, State to) {
  return std::ranges::find(moves, std::pair{from, to}) != moves.end();
}

bool is_end_reason(std::string_view text) {
  return std::ranges::find(reasons, text) != reasons.end();
}

}  // namespace sp::sessions
