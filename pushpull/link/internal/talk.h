#pragma once
// One question to the edge and its answer, sealed.

#include "base/result/result.h"
#include "pushpull/envelope/envelope.h"
#include "pushpull/items/operations.h"
#include "pushpull/link/channel.h"
#include "pushpull/outbox/outbox.h"

namespace sp::pushpull::internal {

/// The keys of one epoch.
struct EpochKeys {
  EdgeId edge_id;
  StaticPrivateKey core_key;
  std::uint32_t epoch = 0;
  LinkPsk psk;
  StaticPublicKey edge_key;
  std::optional<Pin> pin;
};
/// Of the present epoch; `not_found` before the edge's key is known.
Result<EpochKeys> current_keys(const LinkKeys& keys);
/// Of the next epoch; `not_found` unless a rekey was answered.
Result<EpochKeys> pending_keys(const LinkKeys& keys);

/// The opened answer. `vouch`: of a TLS key that is not the one of `keys`. `forbidden` when the
/// edge does not accept our envelope, `unavailable` when it cannot be reached or cannot work now,
/// `corrupt` when its answer does not open.
Result<Bytes> ask(Channel& channel, const EpochKeys& keys, Operation operation, BytesView plain,
                  Duration patience, Random& random, const Vouch& vouch = {});

/// Fetches the key of an edge that is not enrolled and checks its proof: the edge's key and the pin
/// of its TLS key. `not_found` while the edge has no kit, or when it is enrolled already.
struct Introduced {
  StaticPublicKey key;
  Pin pin;
};
Result<Introduced> introduce(Channel& channel, const LinkKeys& keys, Duration patience);

/// Must both sides start from a list of what lives? And up to which item is all settled then?
struct Plan {
  bool resync = false;
  std::uint64_t settled = 0;
};
/// `before` and `after` are our numbers before the hello was sent and after its answer came: a pull
/// may have moved the cursor meanwhile.
Plan plan(const LinkNumbers& before, const LinkNumbers& after, const HelloResponse& theirs);

}  // namespace sp::pushpull::internal
