#include "edge-gateway/tickets/tickets.h"

#include "base/openssl/crypto.h"
#include "pushpull/inbox/inbox.h"

namespace sp::edge_gateway {
namespace {

using namespace std::chrono_literals;

constexpr Duration remembered = 24h;

enum class State : std::uint8_t { waiting = 0, redeemed, expired, revoked, closed };

constexpr std::int64_t number(State state) {
  return static_cast<std::int64_t>(state);
}

// `body` is the ticket while it waits, and empty from then on: the sealed credential is in it.
// `until` is the end of its life.
constexpr const char* schema =
    "CREATE TABLE IF NOT EXISTS ticket("
    "id BLOB PRIMARY KEY, state INTEGER NOT NULL, until INTEGER NOT NULL, body BLOB NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS ticket_until ON ticket(state, until);";

Outcome move(sqlite::Database& db, const pushpull::Hash& id, State to) {
  TRY(db.run("UPDATE ticket SET state = ?2, body = x'' WHERE id = ?1 AND state = 0", id,
             number(to)));
  return {};
}

Refusal why_not(std::int64_t state) {
  switch (static_cast<State>(state)) {
    case State::redeemed:
      return Refusal::used;
    case State::expired:
      return Refusal::late;
    case State::revoked:
      return Refusal::revoked;
    default:
      return Refusal::closed;
  }
}

Outcome tell_expired(sqlite::Database& db, BytesView body, Instant now) {
  const auto ticket = TRY(pushpull::decode_ticket_put(body));
  TRY(pushpull::append_event(db, pushpull::kind::ticket_expired, ticket.session, now,
                             pushpull::empty_body()));
  return {};
}

Result<std::vector<pushpull::Hash>> ids(sqlite::Database& db, std::string_view sql) {
  auto rows = TRY(db.query(sql));
  std::vector<pushpull::Hash> out;
  while (TRY(rows.step())) {
    bytes::Reader id{rows.blob_view(0)};
    out.push_back(TRY(id.array<32>()));
  }
  return out;
}

}  // namespace

std::string_view name(Refusal refusal) {
  switch (refusal) {
    case Refusal::unknown:
      return "unknown";
    case Refusal::proof:
      return "proof";
    case Refusal::used:
      return "used";
    case Refusal::late:
      return "late";
    case Refusal::revoked:
      return "revoked";
    case Refusal::closed:
      break;
  }
  return "closed";
}

Outcome open_tickets(sqlite::Database& db) {
  TRY(db.script(schema));
  TRY(db.run("UPDATE ticket SET state = ?1, body = x'' WHERE state = 0", number(State::closed)));
  return {};
}

Outcome put(sqlite::Database& db, const pushpull::Hash& id, BytesView body, Instant now) {
  const auto ticket = TRY(pushpull::decode_ticket_put(body));
  if (ticket.protocol != "ssh") return Error{Code::invalid_input, "protocol of a ticket"};
  auto known = TRY(db.query("SELECT 1 FROM ticket WHERE id = ?1", id));
  if (TRY(known.step())) return Error{Code::conflict, "the ticket was here already"};
  TRY(db.run("INSERT INTO ticket(id, state, until, body) VALUES (?1, 0, ?2, ?3)", id,
             to_millis(now + ticket.life), body));
  return {};
}

Outcome revoke(sqlite::Database& db, const pushpull::Hash& id) {
  return move(db, id, State::revoked);
}

Result<std::vector<pushpull::Hash>> resync_tickets(sqlite::Database& db) {
  TRY(
      db.run("UPDATE ticket SET state = ?1, body = x'' WHERE state = 0 AND id NOT IN "
             "(SELECT id FROM pushpull_live)",
             number(State::revoked)));
  return ids(db,
             "SELECT id FROM pushpull_live WHERE NOT EXISTS "
             "(SELECT 1 FROM ticket WHERE ticket.id = pushpull_live.id AND state = 0)");
}

Result<std::variant<Redeemed, Refusal>> redeem(sqlite::Database& db, const pushpull::TicketId& id,
                                               const Secret& secret, const std::string& source,
                                               Instant now) {
  using Answer = std::variant<Redeemed, Refusal>;
  const auto hash = pushpull::hash_of(id);
  auto row = TRY(db.query("SELECT state, until, body FROM ticket WHERE id = ?1", hash));
  if (!TRY(row.step())) return Answer{Refusal::unknown};
  if (row.integer(0) != number(State::waiting)) return Answer{why_not(row.integer(0))};
  if (row.integer(1) <= to_millis(now)) return Answer{Refusal::late};
  Redeemed out{TRY(pushpull::decode_ticket_put(row.blob_view(2))),
               pushpull::ticket_keys(id, secret)};
  if (!openssl::equal(out.ticket.open, out.keys.open)) return Answer{Refusal::proof};
  TRY(move(db, hash, State::redeemed));
  TRY(pushpull::append_event(db, pushpull::kind::ticket_redeemed, out.ticket.session, now,
                             pushpull::encode(pushpull::TicketRedeemed{source})));
  return Answer{std::move(out)};
}

Outcome expire(sqlite::Database& db, Instant now) {
  auto rows =
      TRY(db.query("SELECT body FROM ticket WHERE state = 0 AND until <= ?1", to_millis(now)));
  while (TRY(rows.step())) TRY(tell_expired(db, rows.blob_view(0), now));
  TRY(db.run("UPDATE ticket SET state = ?1, body = x'' WHERE state = 0 AND until <= ?2",
             number(State::expired), to_millis(now)));
  TRY(db.run("DELETE FROM ticket WHERE state != 0 AND until <= ?1", to_millis(now - remembered)));
  return {};
}

Result<std::uint64_t> tickets_waiting(sqlite::Database& db) {
  auto row = TRY(db.query("SELECT count(*) FROM ticket WHERE state = 0"));
  TRY(row.step());
  return static_cast<std::uint64_t>(row.integer(0));
}

}  // namespace sp::edge_gateway
