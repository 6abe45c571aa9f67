#pragma once
// What happens in a message's life after it was put: claims, wrong passphrases, the grace, and its
// ends. All run on the writer's thread, inside its transaction, with the event beside the change.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/random/random.h"
#include "edge-selfdestruct/store/record.h"
#include "edge-selfdestruct/store/slots.h"

namespace sp::edge_selfdestruct {

/// What a change needs around it.
struct Scene {
  sqlite::Database& db;
  SlotFile& slots;
  Random& random;
  Instant now;
};

enum class Reason : std::uint8_t { views, expired, recipient, sender, passphrase, resync };
std::string_view name(Reason reason);  ///< as the event says it

/// A refusal that is no failure: what changed with it (an attempt) is to be committed.
struct Denied {
  Code code = Code::not_found;
  std::optional<std::int64_t> attempts_left;
  std::optional<Duration> retry_after;
};

/// The token with which the same browser fetches the same view again.
struct Grace {
  Bytes token;
  Instant until;
};

/// A view that was claimed, or is repeated within its grace. May be answered once the transaction
/// is durable, never before (promise 3).
struct Released {
  Slot slot{};
  Digest id{};
  std::int64_t size = 0;
  Secret slot_key;             ///< so that the slot can be overwritten while a long answer runs
  std::optional<Bytes> whole;  ///< all of it, when it is one piece
  std::optional<Grace> grace;
  bool repeated = false;      ///< within a grace: no view was claimed
  std::shared_ptr<void> pin;  ///< keeps the rows while a long answer runs
};

using Claim = std::variant<Released, Denied>;
using Verdict = std::optional<Denied>;  ///< none: done

/// One view for one holder, or the same view again within its grace.
Result<Claim> claim(const Scene& scene, const Holder& holder);
/// The recipient has it: the grace of this token ends, and the message with its last view.
Result<Verdict> saved(const Scene& scene, const Holder& holder);
/// The recipient ends the message; needs the passphrase as a claim does.
Result<Verdict> destroy(const Scene& scene, const Holder& holder);

/// Ends a message, whatever its state; nothing when it has ended already. From the commit on, its
/// slot is to be shredded and its rows are to be deleted.
Outcome end(const Scene& scene, Slot slot, const Digest& id, Reason reason);
/// Ends one that was never complete: nobody was told of it, so nobody is told of its end.
Outcome drop(sqlite::Database& db, Slot slot);

/// Ends at most `most` messages whose time is over, and graces likewise. True when there is more.
Result<bool> sweep(const Scene& scene, int most);
/// True when `sweep` would find something. Reads only.
Result<bool> sweep_needed(sqlite::Database& db, Instant now);

/// Slots of messages whose time is over and that `sweep` did not end yet.
Result<std::vector<Slot>> overdue_slots(sqlite::Database& db, Instant now, int most);

/// Slots of ended messages whose rows are still there, the lowest first.
Result<std::vector<Slot>> ended(sqlite::Database& db, int most);
/// Deletes at most `most` pieces of an ended message, and with the last of them its other rows.
/// True when nothing of it is left.
Result<bool> erase(sqlite::Database& db, Slot slot, int most);

}  // namespace sp::edge_selfdestruct
