#pragma once
// Where a gateway may dial: docs/formats/ticket.md section 3. Decisions alone; nobody dials here.

#include <cstdint>
#include <string_view>
#include <vector>

#include "edge-gateway/target/address.h"

namespace sp::edge_gateway {

struct TargetPolicy {
  std::vector<Network> networks{};  ///< `[policy] networks`; empty: all that are never struck out
  std::vector<std::uint16_t> ports{22};  ///< `[policy] ports`
  std::vector<Address> own{};            ///< of the gateway's machine
};

/// An address, or a name that a resolver takes for a name and for nothing else: no path, no
/// number that some resolvers read as an address.
bool is_host(std::string_view text);

/// Those of `resolved` that may be dialled, in their order; `forbidden` when none may. `ticket` are
/// the networks of the ticket; none there means that `policy` alone decides.
Result<std::vector<Address>> allowed(const std::vector<Address>& resolved, std::uint16_t port,
                                     const std::vector<Network>& ticket,
                                     const TargetPolicy& policy);

}  // namespace sp::edge_gateway
