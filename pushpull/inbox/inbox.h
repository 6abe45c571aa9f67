#pragma once
// The edge's memory of its link, in tables of the edge's own database: how far items were applied,
// the events that wait, the epochs. Every function runs in the caller's transaction.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/random/random.h"
#include "base/sqlite/database.h"
#include "pushpull/items/items.h"
#include "pushpull/items/operations.h"

namespace sp::pushpull {

/// What the edge program does with items. All on the writer's thread, inside its transaction.
class ItemHandler {
 public:
  virtual ~ItemHandler() = default;

  /// Applies one item: message.chunk, message.put, message.revoke, settings.put or a kind of its
  /// own. `invalid_input`, `too_many`, `conflict` or `expired`: the item can never be applied; its
  /// own changes are rolled back, it is reported as refused and passed. Any other error fails the
  /// whole batch, which the core sends again.
  virtual Outcome apply(sqlite::Database& db, const Item& item) = 0;

  /// Before the call the table `pushpull_live(id BLOB PRIMARY KEY, views_left INTEGER)` holds what
  /// should live here. Destroys every complete message that is not listed (with its event
  /// `message.destroyed`, reason `resync`), lowers `views left` of the others to the listed number,
  /// and returns the listed ids that are not here; `message.lost` is appended for each by the
  /// caller. Chunks whose message.put did not come yet stay.
  virtual Result<std::vector<Hash>> resync(sqlite::Database& db) = 0;

  /// How many messages or tickets live here.
  virtual Result<std::uint64_t> holds(sqlite::Database& db) = 0;

  /// A range of a recording; an edge without recordings keeps this answer.
  virtual Result<BlobResponse> blob(sqlite::Database& /*db*/, const BlobRequest& /*request*/) {
    return BlobResponse{};
  }
};

struct InboxState {
  Epoch edge_epoch;
  std::optional<Epoch> core_epoch;  ///< none before the first resync
  std::uint64_t applied = 0;
  std::uint64_t last_event = 0;    ///< the highest number given
  std::uint64_t acknowledged = 0;  ///< events up to here are deleted
  std::uint64_t changes = 0;       ///< grows with every change below;
  bool closed = false;             ///< serve nothing until a resync
  bool rotate_key = false;         ///< key.rotate was asked for
};

/// Makes the tables where they are missing; a new database gets a new epoch.
Outcome create_inbox(sqlite::Database& db, Random& random);
Result<InboxState> read_state(sqlite::Database& db);
/// Serve nothing until a resync: the database is a copy of an earlier time.
Outcome close_until_resync(sqlite::Database& db);
Outcome clear_rotate_key(sqlite::Database& db);

/// Applies a batch, or the part of a resync that it carries, and moves `applied`.
Result<PushResponse> apply(sqlite::Database& db, const PushRequest& request, ItemHandler& handler,
                           Random& random, Instant now);

/// Appends an event and gives its number. After the commit, tell the intake (`Intake::committed`).
Result<std::uint64_t> append_event(sqlite::Database& db, std::string_view kind, BytesView id,
                                   Instant at, BytesView body);
/// Events after `after`, at most `most_bytes` of them encoded but at least one. `more` says the
/// rest.
struct Events {
  std::vector<Event> events;
  bool more = false;
};
Result<Events> read_events(sqlite::Database& db, std::uint64_t after, std::uint64_t most_bytes);
/// Deletes events up to `upto`. True unless `upto` shows that a side was restored: then nothing
/// changes but that an edge which ran back is closed.
Result<bool> acknowledge(sqlite::Database& db, std::uint64_t upto);
Result<std::uint64_t> events_waiting(sqlite::Database& db);

}  // namespace sp::pushpull
