#pragma once
// The tickets that wait at a gateway, and what became of them: docs/formats/ticket.md section 3.
// Every function runs in the caller's transaction, on the writer's thread; what it says counts once
// that is durable (Durability::full).

#include <variant>

#include "base/sqlite/database.h"
#include "pushpull/items/items.h"
#include "pushpull/tickets/tickets.h"

namespace sp::edge_gateway {

/// As the core is told, by `ticket.refused`. The browser is told nothing.
enum class Refusal : std::uint8_t { unknown, proof, used, late, revoked, closed };
std::string_view name(Refusal refusal);

/// A ticket that was used now, by the one who may. Its credential is still sealed, and no longer in
/// the database.
struct Redeemed {
  pushpull::TicketPut ticket;
  pushpull::TicketKeys keys;
};

/// Makes the table; closes what an earlier start left waiting. Once, at a start, after the inbox's
/// tables are there.
Outcome open_tickets(sqlite::Database& db);

/// Takes a ticket, which lives from `now` on. `conflict` for one that came before, whatever became
/// of it.
Outcome put(sqlite::Database& db, const pushpull::Hash& id, BytesView body, Instant now);
/// Nothing for one that is used or not here.
Outcome revoke(sqlite::Database& db, const pushpull::Hash& id);
/// Revokes what waits and is not listed in `pushpull_live`, and gives what is listed and does
/// not wait.
Result<std::vector<pushpull::Hash>> resync_tickets(sqlite::Database& db);

/// Uses it, with the event `ticket.redeemed`: one caller in the world ever gets `Redeemed`.
Result<std::variant<Redeemed, Refusal>> redeem(sqlite::Database& db, const pushpull::TicketId& id,
                                               const Secret& secret, const std::string& source,
                                               Instant now);

/// Ends what is late, with the event `ticket.expired`, and forgets what ended a day ago.
Outcome expire(sqlite::Database& db, Instant now);
Result<std::uint64_t> tickets_waiting(sqlite::Database& db);

}  // namespace sp::edge_gateway
