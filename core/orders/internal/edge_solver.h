#pragma once
// http-01 through the edges: the answer is pushed to every edge of the order and every other edge
// behind the name, because a CA looks from several places and may reach any of them.

#include <functional>
#include <memory>
#include <string>

#include "certs/acme/session.h"
#include "certs/acme/solver.h"
#include "core/orders/order.h"

namespace sp::orders {

/// Tells the link of an edge that something waits.
using Wake = std::function<void(const std::string& edge)>;

/// `present` returns once every edge has taken the answer, and gives up on the first that refuses
/// it or is silent for a minute.
std::unique_ptr<acme::ChallengeSolver> edge_solver(const Context& context, std::string order,
                                                   Wake wake, acme::Waiter& waiter);

}  // namespace sp::orders
