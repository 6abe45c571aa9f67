#pragma once
// The moves of a leaf, and the items that go with them.

#include <string>

#include "core/orders/order.h"

namespace sp::orders {

/// How long an edge may take for an item that it has taken.
inline constexpr Duration edge_patience = std::chrono::minutes{10};

/// The pause after the `failures`th failure in a row: ten minutes, doubling to a day, at most a
/// third of what is left of the life, at least what the CA asked for. Ten minutes at least.
Duration pause_after(unsigned failures, Duration left, Duration asked);

/// Moves, and ends the process when the table of moves does not know it: callers look first.
void move(Leaf& leaf, State to, Instant now);
/// The attempt failed: another one follows. `asked`: how long the CA wants to be left alone.
void fail(Leaf& leaf, std::string problem, Instant now, Duration asked = Duration{0});
/// A new number on the wire: the edge makes another key.
void renumber(Leaf& leaf, Random& random);
/// Begins an attempt: asks the edge for its request. The leaf is to be saved after it.
Outcome begin(const Context& context, store::Transaction& transaction, Leaf& leaf,
              const std::vector<std::string>& names);
/// Hands what the CA issued to the edge. The leaf is to be saved after it.
Outcome install(const Context& context, store::Transaction& transaction, Leaf& leaf,
                std::string chain);

/// Queues one item for an edge and gives its number.
Result<std::int64_t> queue(const Context& context, store::Transaction& transaction,
                           std::string_view edge, std::string_view kind, BytesView body);

/// Keeps others from an order until the transaction ends.
Outcome hold(store::Transaction& transaction, std::string_view order);

audit::Entry entry_of(audit::Event event, const Order& order, const audit::Who& who);

}  // namespace sp::orders
