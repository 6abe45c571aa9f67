#include "pushpull/inbox/inbox.h"

#include <string>

namespace sp::pushpull {
namespace {

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS pushpull_state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  edge_epoch BLOB NOT NULL,
  core_epoch BLOB,
  applied INTEGER NOT NULL DEFAULT 0,
  last_event INTEGER NOT NULL DEFAULT 0,
  acknowledged INTEGER NOT NULL DEFAULT 0,
  changes INTEGER NOT NULL DEFAULT 0,
  closed INTEGER NOT NULL DEFAULT 0,
  rotate_key INTEGER NOT NULL DEFAULT 0,
  next_part INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS pushpull_event (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS pushpull_refused (
  seq INTEGER PRIMARY KEY,
  code TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS pushpull_live (
  id BLOB PRIMARY KEY,
  views_left INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)";

constexpr std::int64_t most_events_at_once = 4096;

std::int64_t to_row(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}
std::uint64_t from_row(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

/// Such an item will fail again however often it is sent.
bool is_final(Code code) {
  return code == Code::invalid_input || code == Code::too_many || code == Code::conflict ||
         code == Code::expired;
}

Outcome apply_content(sqlite::Database& db, const Item& item, ItemHandler& handler) {
  if (item.body.size() > most_item_body) return Error{Code::invalid_input, "item too large"};
  if (item.kind == kind::resync) return Error{Code::invalid_input, "resync among other items"};
  if (item.kind != kind::key_rotate) return handler.apply(db, item);
  TRY(decode_empty(item.body));
  TRY(db.run("UPDATE pushpull_state SET rotate_key = 1"));
  return {};
}

/// The code of a refusal, or nothing when it was applied.
Result<std::optional<Code>> apply_one(sqlite::Database& db, const Item& item,
                                      ItemHandler& handler) {
  TRY(db.run("SAVEPOINT pushpull_item"));
  const auto applied = apply_content(db, item, handler);
  if (!applied && !is_final(applied.error().code())) return applied.error();
  if (!applied) TRY(db.run("ROLLBACK TO pushpull_item"));
  TRY(db.run("RELEASE pushpull_item"));
  if (applied) return std::optional<Code>{};
  return std::optional{applied.error().code()};
}

Outcome check_order(const std::vector<Item>& items) {
  if (items.size() > most_items_in_batch) return Error{Code::invalid_input, "too many items"};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool first = items[i].seq == 0 && items[i].kind != kind::resync;  // numbers begin with 1
    if (first || items[i].seq >= 1ULL << 62U || items[i].seq != items[0].seq + i)
      return Error{Code::invalid_input, "numbers of a batch"};
  }
  return {};
}

Outcome note_refused(sqlite::Database& db, std::uint64_t seq, Code code, PushResponse& response) {
  response.refused.push_back({seq, std::string{name(code)}});
  TRY(db.run("INSERT OR REPLACE INTO pushpull_refused (seq, code) VALUES (?1, ?2)", to_row(seq),
             name(code)));
  return {};
}

/// A core that begins with an item that was applied has not got our answer about it. What stands
/// before that item it has got.
Outcome tell_refused_again(sqlite::Database& db, std::uint64_t first, PushResponse& response) {
  auto rows = TRY(db.query("SELECT seq, code FROM pushpull_refused ORDER BY seq"));
  bool some_known = false;
  while (TRY(rows.step())) {
    const auto seq = from_row(rows.integer(0));
    some_known = some_known || seq < first;
    if (seq >= first) response.refused.push_back({seq, rows.text(1)});
  }
  if (some_known) TRY(db.run("DELETE FROM pushpull_refused WHERE seq < ?1", to_row(first)));
  return {};
}

Outcome apply_items(sqlite::Database& db, const PushRequest& request, ItemHandler& handler,
                    PushResponse& response) {
  // A gap: nothing is applied, and `applied` tells the core where to go on.
  if (request.items.empty() || request.items.front().seq > response.applied + 1) return {};
  const auto before = response.applied;
  const auto first = request.items.front().seq;
  TRY(tell_refused_again(db, first, response));
  for (const auto& item : request.items) {
    if (item.seq <= response.applied) continue;  // sent again, because our answer was lost
    const auto refused = TRY(apply_one(db, item, handler));
    if (refused) TRY(note_refused(db, item.seq, *refused, response));
    response.applied = item.seq;
  }
  if (response.applied == before) return {};
  TRY(db.run("UPDATE pushpull_state SET applied = ?1, changes = changes + 1",
             to_row(response.applied)));
  return {};
}

Outcome keep_part(sqlite::Database& db, const Resync& resync) {
  if (resync.part == 0) TRY(db.run("DELETE FROM pushpull_live"));
  for (const auto& message : resync.live)
    TRY(db.run("INSERT OR REPLACE INTO pushpull_live (id, views_left) VALUES (?1, ?2)", message.id,
               std::int64_t{message.views_left}));
  TRY(db.run("UPDATE pushpull_state SET next_part = ?1, changes = changes + 1",
             std::int64_t{resync.part} + 1));
  return {};
}

/// Events that the core has seen in another life of this database go; numbers go on above both.
Outcome continue_events(sqlite::Database& db, std::uint64_t last_seen_by_core) {
  TRY(db.run("DELETE FROM pushpull_event WHERE seq <= ?1", to_row(last_seen_by_core)));
  TRY(db.run("UPDATE pushpull_state SET last_event = max(last_event, ?1), acknowledged = ?1",
             to_row(last_seen_by_core)));
  return {};
}

Outcome finish_resync(sqlite::Database& db, const PushRequest& request, const Resync& resync,
                      ItemHandler& handler, PushResponse& response) {
  TRY(continue_events(db, resync.last_event));
  for (const auto& id : TRY(handler.resync(db)))
    TRY(append_event(db, kind::message_lost, id, response.now, empty_body()));
  TRY(db.script("DELETE FROM pushpull_live; DELETE FROM pushpull_refused;"));
  response.applied = request.items.front().seq;
  TRY(
      db.run("UPDATE pushpull_state SET edge_epoch = ?1, core_epoch = ?2, applied = ?3, "
             "closed = 0, next_part = 0, changes = changes + 1",
             response.edge_epoch.view(), request.core_epoch.view(), to_row(response.applied)));
  return {};
}

Result<std::int64_t> next_part(sqlite::Database& db) {
  auto row = TRY(db.query("SELECT next_part FROM pushpull_state"));
  TRY(row.step());
  return row.integer(0);
}

Outcome apply_resync(sqlite::Database& db, const PushRequest& request, ItemHandler& handler,
                     Random& random, PushResponse& response) {
  if (request.items.size() != 1) return Error{Code::invalid_input, "resync among other items"};
  const auto resync = TRY(decode_resync(request.items.front().body));
  if (resync.last_event >= 1ULL << 62U) return Error{Code::invalid_input, "number of an event"};
  const auto expected = TRY(next_part(db));
  // A resync that names an old epoch of ours is a replay, or was made before our last one.
  const bool in_order = resync.part == 0 || resync.part == expected;
  response.resync = resync.edge_epoch != response.edge_epoch || !in_order;
  if (response.resync) return {};
  TRY(keep_part(db, resync));
  if (resync.part + 1 < resync.parts) return {};
  response.edge_epoch = Epoch::random(random);
  return finish_resync(db, request, resync, handler, response);
}

}  // namespace

Outcome create_inbox(sqlite::Database& db, Random& random) {
  TRY(db.script(schema));
  TRY(db.run("INSERT OR IGNORE INTO pushpull_state (one, edge_epoch) VALUES (1, ?1)",
             Epoch::random(random).view()));
  return {};
}

Result<InboxState> read_state(sqlite::Database& db) {
  auto row =
      TRY(db.query("SELECT edge_epoch, core_epoch, applied, last_event, acknowledged, changes, "
                   "closed, rotate_key FROM pushpull_state"));
  if (!TRY(row.step())) return Error{Code::corrupt, "the inbox has no state"};
  InboxState state;
  state.edge_epoch = TRY(Epoch::of(row.blob_view(0)));
  if (!row.is_null(1)) state.core_epoch = TRY(Epoch::of(row.blob_view(1)));
  state.applied = from_row(row.integer(2));
  state.last_event = from_row(row.integer(3));
  state.acknowledged = from_row(row.integer(4));
  state.changes = from_row(row.integer(5));
  state.closed = row.integer(6) != 0;
  state.rotate_key = row.integer(7) != 0;
  return state;
}

Outcome close_until_resync(sqlite::Database& db) {
  TRY(db.run("UPDATE pushpull_state SET closed = 1, changes = changes + 1"));
  return {};
}

Outcome clear_rotate_key(sqlite::Database& db) {
  TRY(db.run("UPDATE pushpull_state SET rotate_key = 0, changes = changes + 1"));
  return {};
}

Result<PushResponse> apply(sqlite::Database& db, const PushRequest& request, ItemHandler& handler,
                           Random& random, Instant now) {
  TRY(check_order(request.items));
  const auto state = TRY(read_state(db));
  PushResponse response{state.edge_epoch, state.applied, now, {}, false};
  if (!request.items.empty() && request.items.front().kind == kind::resync)
    TRY(apply_resync(db, request, handler, random, response));
  else if (state.closed || state.core_epoch != request.core_epoch)
    response.resync = true;
  else
    TRY(apply_items(db, request, handler, response));
  return response;
}

Result<std::uint64_t> append_event(sqlite::Database& db, std::string_view kind, BytesView id,
                                   Instant at, BytesView body) {
  TRY(db.run("UPDATE pushpull_state SET last_event = last_event + 1, changes = changes + 1"));
  const auto inserted =
      TRY(db.run("INSERT INTO pushpull_event (seq, kind, id, at, body) "
                 "SELECT last_event, ?1, ?2, ?3, ?4 FROM pushpull_state",
                 kind, id, to_millis(at), body));
  if (inserted != 1) return Error{Code::corrupt, "the inbox has no state"};
  return from_row(db.last_row_id());
}

Result<Events> read_events(sqlite::Database& db, std::uint64_t after, std::uint64_t most_bytes) {
  auto rows =
      TRY(db.query("SELECT seq, kind, id, at, body FROM pushpull_event WHERE seq > ?1 ORDER BY seq "
                   "LIMIT ?2",
                   to_row(after), most_events_at_once + 1));
  Events found;
  std::uint64_t size = 0;
  while (TRY(rows.step())) {
    Event event{from_row(rows.integer(0)), rows.text(1), rows.blob(2), from_millis(rows.integer(3)),
                rows.blob(4)};
    size += encoded_size(event);
    found.more =
        !found.events.empty() && (size > most_bytes || found.events.size() == most_events_at_once);
    if (found.more) return found;
    found.events.push_back(std::move(event));
  }
  return found;
}

Result<bool> acknowledge(sqlite::Database& db, std::uint64_t upto) {
  const auto state = TRY(read_state(db));
  if (upto > state.last_event) {  // the core saw events that this database never had
    if (!state.closed) TRY(close_until_resync(db));
    return false;
  }
  if (state.closed || upto < state.acknowledged) return false;
  if (upto == state.acknowledged) return true;
  TRY(db.run("DELETE FROM pushpull_event WHERE seq <= ?1", to_row(upto)));
  TRY(db.run("UPDATE pushpull_state SET acknowledged = ?1, changes = changes + 1", to_row(upto)));
  return true;
}

Result<std::uint64_t> events_waiting(sqlite::Database& db) {
  auto row = TRY(db.query("SELECT last_event - acknowledged FROM pushpull_state"));
  TRY(row.step());
  return from_row(row.integer(0));
}

}  // namespace sp::pushpull
