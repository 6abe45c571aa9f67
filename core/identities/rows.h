#pragma once
// The two tables of identities.

#include <optional>
#include <string>
#include <vector>

#include "core/identities/authority.h"
#include "core/identities/identities.h"
#include "pushpull/items/certificates.h"

namespace sp::identities::rows {

struct Authority {
  std::int64_t number = 0;
  certs::Signer signer;
};
/// All that are trusted, the oldest first.
Result<std::vector<Authority>> authorities(const Context& context, store::Transaction& tx);
Result<std::vector<std::int64_t>> numbers(store::Transaction& tx);
/// The next number, sealed and stored.
Outcome add_authority(const Context& context, store::Transaction& tx);
/// Erases all below `number`.
Outcome retire_below(store::Transaction& tx, std::int64_t number);
/// The authority takes another number, and what edges show of it too.
Outcome renumber(const Context& context, store::Transaction& tx, std::int64_t from,
                 std::int64_t to);
/// The end of the newest one's life.
Result<Instant> end_of_newest(store::Transaction& tx);

/// What one edge was asked for, what was signed for it, and what it shows.
struct Identity {
  std::string edge;
  Bytes order;
  Instant asked_at{};
  struct Signed {
    std::int64_t authority = 0;
    Bytes pin, fingerprint;
    Instant from{}, until{};
  };
  std::optional<Signed> made;
  struct Shown {
    std::int64_t authority = 0;
    Bytes fingerprint;
    Instant from{}, until{};
  };
  std::optional<Shown> shown;
};
Result<std::optional<Identity>> identity(store::Transaction& tx, std::string_view edge);
/// A new order; what the edge shows stays.
Outcome ask(store::Transaction& tx, const Identity& wanted);
Outcome note_signed(store::Transaction& tx, std::string_view edge, const Identity::Signed& made);
/// What was signed is what it shows now.
Outcome note_shown(store::Transaction& tx, std::string_view edge);
Outcome forget(store::Transaction& tx, std::string_view edge);
/// Whether something of an order still waits to be pushed.
Result<bool> is_waiting(store::Transaction& tx, std::string_view edge);

}  // namespace sp::identities::rows
