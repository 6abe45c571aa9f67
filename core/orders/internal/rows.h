#pragma once
// The tables `certificate_orders` and `certificate_leaves`.

#include <optional>
#include <string>
#include <vector>

#include "core/orders/order.h"
#include "core/store/store.h"

namespace sp::orders::rows {

struct Sealed {
  std::optional<Bytes> external_key, dns_key;
};
Outcome insert(store::Transaction& transaction, const Order& order, const Sealed& sealed);
Result<std::vector<Order>> all(store::Transaction& transaction);
Result<std::optional<Order>> find(store::Transaction& transaction, std::string_view id);
/// The order with its leaves and tokens.
Outcome erase(store::Transaction& transaction, std::string_view id);

Outcome insert(store::Transaction& transaction, const Leaf& leaf);
Outcome save(store::Transaction& transaction, const Leaf& leaf);
Result<std::vector<Leaf>> leaves(store::Transaction& transaction, std::string_view order);
Result<std::optional<Leaf>> leaf(store::Transaction& transaction, std::string_view order,
                                 std::string_view edge);
Result<std::optional<Leaf>> leaf_on_wire(store::Transaction& transaction, std::string_view edge,
                                         const pushpull::OrderId& wire);
Result<std::vector<Leaf>> leaves_of_edge(store::Transaction& transaction, std::string_view edge);
Result<std::vector<Leaf>> all_leaves(store::Transaction& transaction);
/// Those that the worker is to see to, the longest waiting first.
Result<std::vector<Leaf>> due(store::Transaction& transaction, Instant now);
/// Those whose failure the administrators are to be told of: a renewal's.
Result<std::vector<Leaf>> untold(store::Transaction& transaction);

}  // namespace sp::orders::rows
