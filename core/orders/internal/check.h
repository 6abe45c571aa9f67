#pragma once
// What a new order may ask for. Decides alone.

#include <vector>

#include "core/orders/order.h"

namespace sp::orders {

/// What is wrong with it, whatever edges there are.
std::vector<Problem> problems(const NewOrder& wanted);
/// Its edges among those that are known; what is wrong with the choice is added to `out`. Each
/// edge's public address must be among the names: it would refuse a certificate without.
std::vector<edges::Edge> chosen(const NewOrder& wanted, const std::vector<edges::Edge>& known,
                                std::vector<Problem>& out);

}  // namespace sp::orders
