#include "edge-gateway/ledger/rows.h"

#include "pushpull/inbox/inbox.h"

namespace sp::edge_gateway {
namespace {

// `bytes` of the recording are durable; null without a recording. A row stays until the session is
// over and the core has its recording.
constexpr const char* schema =
    "CREATE TABLE IF NOT EXISTS session("
    "id BLOB PRIMARY KEY, ticket BLOB NOT NULL, running INTEGER NOT NULL, bytes INTEGER"
    ") STRICT, WITHOUT ROWID;";

}  // namespace

Outcome open_sessions(sqlite::Database& db) {
  return db.script(schema);
}

Outcome begin_session(sqlite::Database& db, const SessionRow& row, bool records) {
  const auto bytes = records ? std::optional<std::int64_t>{0} : std::nullopt;
  TRY(db.run("INSERT INTO session(id, ticket, running, bytes) VALUES (?1, ?2, 1, ?3)", row.session,
             row.ticket, bytes));
  return {};
}

Result<std::vector<SessionRow>> running_sessions(sqlite::Database& db) {
  auto rows = TRY(db.query("SELECT id, ticket FROM session WHERE running = 1"));
  std::vector<SessionRow> out;
  while (TRY(rows.step())) {
    bytes::Reader id{rows.blob_view(0)};
    bytes::Reader ticket{rows.blob_view(1)};
    SessionRow row;
    row.session = TRY(id.array<16>());
    row.ticket = TRY(ticket.array<32>());
    out.push_back(row);
  }
  return out;
}

Outcome note_recording(sqlite::Database& db, const pushpull::SessionId& session,
                       const recording::Progress& progress, Instant now) {
  TRY(db.run("UPDATE session SET bytes = ?2 WHERE id = ?1", session,
             static_cast<std::int64_t>(progress.bytes)));
  const pushpull::SessionRecording body{progress.chunks, progress.bytes, progress.hash};
  TRY(pushpull::append_event(db, pushpull::kind::session_recording, session, now,
                             pushpull::encode(body)));
  return {};
}

Outcome end_session(sqlite::Database& db, const pushpull::SessionId& session,
                    const pushpull::SessionEnded& ended, Instant now) {
  const auto changed =
      TRY(db.run("UPDATE session SET running = 0, bytes = iif(bytes IS NULL, NULL, ?2) "
                 "WHERE id = ?1 AND running = 1",
                 session, static_cast<std::int64_t>(ended.bytes)));
  if (changed == 0) return {};
  TRY(pushpull::append_event(db, pushpull::kind::session_ended, session, now,
                             pushpull::encode(ended)));
  TRY(db.run("DELETE FROM session WHERE id = ?1 AND ifnull(bytes, 0) = 0", session));
  return {};
}

Result<std::optional<std::uint64_t>> recorded_bytes(sqlite::Database& db,
                                                    const pushpull::SessionId& session) {
  auto row =
      TRY(db.query("SELECT bytes FROM session WHERE id = ?1 AND bytes IS NOT NULL", session));
  if (!TRY(row.step())) return std::optional<std::uint64_t>{};
  return std::optional{static_cast<std::uint64_t>(row.integer(0))};
}

Result<bool> forget_recording(sqlite::Database& db, const pushpull::SessionId& session) {
  return TRY(db.run("DELETE FROM session WHERE id = ?1 AND running = 0", session)) == 1;
}

Result<std::uint64_t> count_running(sqlite::Database& db) {
  auto row = TRY(db.query("SELECT count(*) FROM session WHERE running = 1"));
  TRY(row.step());
  return static_cast<std::uint64_t>(row.integer(0));
}

}  // namespace sp::edge_gateway
