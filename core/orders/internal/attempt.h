#pragma once
// One leaf at its CA: from the edge's request to the chain, and the question when to renew.

#include <filesystem>

#include "certs/acme/folder.h"
#include "certs/acme/session.h"
#include "core/orders/internal/edge_solver.h"

namespace sp::orders {

/// What an attempt stands on. All of it must outlive it.
struct Means {
  const Context& context;
  Wake wake;
  std::filesystem::path hooks;  ///< the folder of programs for dns-01
};

/// The chain for the leaf's request, PEM, leaf first. What is under way is written down, and gone
/// on with after a kill. Errors are sentences with the CA's own words.
Result<std::string> obtain(const Means& means, acme::Session& session, const Order& order,
                           const Leaf& leaf);

/// Asks the CA when to renew, if it is time to ask, and gives the plan. An unreachable CA leaves
/// the plan as it was, or as the life of the certificate says.
Result<acme::Plan> planned(acme::Session& session, const Leaf& leaf);

}  // namespace sp::orders
