#pragma once
#include "certs/acme/order.h"

namespace sp::acme {

/// Removes the answers that `pending` says are there; what cannot be removed is logged.
void take_away(const Solvers& solvers, Pending& pending, Journal& journal);

}  // namespace sp::acme
