#pragma once
// What the link needs from the core's database for one edge. The core implements it; each function
// is one transaction, and is called from the link's own two threads.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "pushpull/enrolment/kit.h"
#include "pushpull/items/items.h"
#include "pushpull/items/operations.h"

namespace sp::pushpull {

struct LinkNumbers {
  Epoch core_epoch;                 ///< random, made with the edge's row
  std::optional<Epoch> edge_epoch;  ///< none before the first resync
  std::uint64_t applied = 0;        ///< items up to here are settled and no longer in the outbox
  std::uint64_t sent = 0;           ///< items up to here may have left
  std::uint64_t queued = 0;         ///< the highest number given to an item, 0 before the first
  std::uint64_t last_event = 0;     ///< events up to here are stored
};

class Outbox {
 public:
  virtual ~Outbox() = default;

  virtual Result<LinkKeys> keys() = 0;
  virtual Outcome save(const LinkKeys& keys) = 0;
  /// The edge shows another TLS key than `keys().pin`, in this certificate (DER): whether it is an
  /// identity that this core signed for this edge. Then its key is the pin from now on.
  virtual Result<bool> vouches_for(const Pin& /*shown*/, BytesView /*leaf*/) { return false; }
  virtual Result<LinkNumbers> numbers() = 0;

  /// Items with numbers from `after + 1`, in order and without a gap: at most `most_items`, and
  /// stops before `encoded_size` of them passes `most_bytes`, but gives at least one if there is
  /// one.
  virtual Result<std::vector<Item>> next(std::uint64_t after, std::size_t most_items,
                                         std::size_t most_bytes) = 0;
  /// Durable before the items leave: `sent` becomes at least `upto`.
  virtual Outcome sending(std::uint64_t upto) = 0;
  /// The edge has applied all up to `applied`: deletes them from the outbox, and a message whose
  /// message.put is among them becomes live, or failed if its number (or the number of one of its
  /// chunks) is in `refused`. A message that ended meanwhile stays ended. `applied` never runs
  /// back.
  virtual Outcome acknowledged(std::uint64_t applied, std::span<const Refused> refused) = 0;
  /// Stores what happened and moves `last_event` to `cursor`. Events up to the present `last_event`
  /// were stored before and are skipped. An event that makes no sense (unknown message or kind,
  /// malformed body) is recorded as such and never fails the call.
  virtual Outcome store_events(std::span<const Event> events, std::uint64_t cursor) = 0;

  /// A resync begins: takes `core_epoch`; all items up to `settled` count as applied (as in
  /// `acknowledged`, nothing refused), `applied` and `sent` become `settled`.
  virtual Outcome begin_resync(const Epoch& core_epoch, std::uint64_t settled) = 0;
  /// The messages that should live on this edge: became live and did not end.
  virtual Result<std::vector<LiveMessage>> live() = 0;
  /// The edge has taken the list: takes `edge_epoch`, and queues what describes a state and not a
  /// message (settings.put) again.
  virtual Outcome end_resync(const Epoch& edge_epoch) = 0;

  /// Items that wait, for the eyes of an administrator.
  virtual Result<std::uint64_t> waiting() = 0;
};

}  // namespace sp::pushpull
