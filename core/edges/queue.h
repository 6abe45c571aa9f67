#pragma once
// What waits to be pushed to an edge. Bodies are sealed by the keyring; a large one can be put down
// before the transaction that sends it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random/random.h"
#include "core/keyring/keyring.h"
#include "core/store/store.h"

namespace sp::edges {

/// Where an item's body was put down.
struct BodyRef {
  std::string id;
};

/// Seals and stores a body. It is swept after `keep_until` unless `append` took it before.
Result<BodyRef> put_down(store::Transaction& transaction, const keyring::Keyring& keyring,
                         Random& random, BytesView body, Instant keep_until);

struct NewItem {
  std::string_view kind;
  Bytes id;  ///< SHA-256 of the message id, or empty
  BodyRef body;
};
/// Gives the items the next numbers of that edge, in their order, without a gap, and answers the
/// first one. `not_found` when the edge is not there or removed.
Result<std::uint64_t> append(store::Transaction& transaction, std::string_view edge,
                             const std::vector<NewItem>& items);

/// Deletes bodies that were put down and never sent.
Result<std::int64_t> sweep_bodies(store::Transaction& transaction, Instant now);

}  // namespace sp::edges
