#include "core/orders/state.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sp::orders {
namespace {

using enum State;

constexpr std::array names{std::pair{requesting, std::string_view{"requesting"}},
                           std::pair{ordering, std::string_view{"ordering"}},
                           std::pair{installing, std::string_view{"installing"}},
                           std::pair{installed, std::string_view{"installed"}},
                           std::pair{failed, std::string_view{"failed"}}};

// An edge that lost its state (a restored backup) is asked again, whatever had been reached. An
// edge that answers later than we had patience shows the certificate all the same.
constexpr std::array moves{std::pair{requesting, ordering},   std::pair{requesting, failed},
                           std::pair{requesting, requesting}, std::pair{ordering, installing},
                           std::pair{ordering, failed},       std::pair{ordering, requesting},
                           std::pair{installing, installed},  std::pair{installing, failed},
                           std::pair{installing, requesting}, std::pair{installed, requesting},
                           std::pair{failed, requesting},     std::pair{failed, installed}};

constexpr std::array by_attention{installed, installing, ordering, requesting, failed};

}  // namespace

std::string_view name(State state) {
  return std::ranges::find(names, state, [](const auto& entry) { return entry.first; })->second;
}

std::optional<State> state_named(std::string_view text) {
  const auto found = std::ranges::find(names, text, [](const auto& entry) { return entry.second; });
  if (found == names.end()) return std::nullopt;
  return found->first;
}

bool may_move(State from, State to) {
  return std::ranges::find(moves, std::pair{from, to}) != moves.end();
}

State worse(State a, State b) {
  return std::ranges::find(by_attention, a) < std::ranges::find(by_attention, b) ? b : a;
}

}  // namespace sp::orders
