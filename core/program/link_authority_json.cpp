#include <nlohmann/json.hpp>

#include "core/program/link_authority.h"

namespace sp::core {

using nlohmann::json;

std::string link_authority_json(const identities::State& state) {
  auto edges = json::array();
  for (const auto& edge : state.edges)
    edges.push_back({{"id", edge.edge},
                     {"name", edge.name},
                     {"authority", edge.authority ? json(*edge.authority) : json()},
                     {"expires_at", edge.until ? json(rfc3339(*edge.until)) : json()}});
  const auto& trusted = state.authorities;
  const json out{
      {"authorities", trusted},
      {"signs", trusted.empty() ? json() : json(trusted.back())},
      {"rotating", state.is_rotating()},
      {"waits_for", state.is_rotating() ? state.unconfirmed() : std::vector<std::string>{}},
      {"edges", std::move(edges)}};
  return out.dump();
}

}  // namespace sp::core
