#include "core/messages/state.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sp::messages {
namespace {

using enum State;

constexpr std::array names{std::pair{queued, std::string_view{"queued"}},
                           std::pair{live, std::string_view{"live"}},
                           std::pair{viewed, std::string_view{"viewed"}},
                           std::pair{destroyed, std::string_view{"destroyed"}},
                           std::pair{expired, std::string_view{"expired"}},
                           std::pair{revoked, std::string_view{"revoked"}},
                           std::pair{lost, std::string_view{"lost"}},
                           std::pair{failed, std::string_view{"failed"}}};

// A view may be reported before the acknowledgement of the push: both run on links of their own.
constexpr std::array moves{
    std::pair{queued, live},    std::pair{queued, viewed},    std::pair{queued, destroyed},
    std::pair{queued, expired}, std::pair{queued, revoked},   std::pair{queued, lost},
    std::pair{queued, failed},  std::pair{live, viewed},      std::pair{live, destroyed},
    std::pair{live, expired},   std::pair{live, revoked},     std::pair{live, lost},
    std::pair{viewed, viewed},  std::pair{viewed, destroyed}, std::pair{viewed, expired},
    std::pair{viewed, revoked}, std::pair{viewed, lost}};

constexpr std::array reasons{std::pair{Reason::views, std::string_view{"views"}},
                             std::pair{Reason::expired, std::string_view{"expired"}},
                             std::pair{Reason::recipient, std::string_view{"recipient"}},
                             std::pair{Reason::sender, std::string_view{"sender"}},
                             std::pair{Reason::passphrase, std::string_view{"passphrase"}},
                             std::pair{Reason::resync, std::string_view{"resync"}}};

}  // namespace

std::string_view name(State state) {
  return std::ranges::find(names, state, [](const auto& entry) { return entry.first; })->second;
}

Result<State> state_named(std::string_view text) {
  const auto found = std::ranges::find(names, text, [](const auto& entry) { return entry.second; });
  if (found == names.end()) return Error{Code::invalid_input, "state: unknown"};
  return found->first;
}

bool is_running(State state) {
  return state == queued || state == live || state == viewed;
}

bool may_move(State from, State to) {
  return std::ranges::find(moves, std::pair{from, to}) != moves.end();
}

std::string_view name(Reason reason) {
  return std::ranges::find(reasons, reason, [](const auto& entry) { return entry.first; })->second;
}

std::optional<Reason> reason_named(std::string_view text) {
  const auto found =
      std::ranges::find(reasons, text, [](const auto& entry) { return entry.second; });
  if (found == reasons.end()) return std::nullopt;
  return found->first;
}

State state_after(Reason reason) {
  if (reason == Reason::expired) return State::expired;
  if (reason == Reason::sender) return State::revoked;
  return State::destroyed;
}

}  // namespace sp::messages
