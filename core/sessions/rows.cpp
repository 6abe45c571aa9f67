#include "core/sessions/internal/rows.h"

#include <algorithm>

#include "core/edges/queue.h"

namespace sp::sessions::rows {
namespace {

constexpr Duration staged_for = std::chrono::hours{1};

Recording recording_of(const store::Row& row, std::size_t first) {
  Recording out;
  if (row.is_null(first)) return out;
  out.state = recordings::state_named(row.text(first)).value_or(recordings::State::damaged);
  out.bytes = row.integer(first + 1);
  out.stored_at = row.maybe_time(first + 2);
  out.erase_at = row.maybe_time(first + 3);
  return out;
}

std::string code_of(State state) {
  return "session." + std::string{name(state)};
}

}  // namespace

const std::string select =
    "SELECT s.id, s.owner, s.owner_login, s.owner_name, s.edge, s.edge_name, s.site, s.site_name, "
    "s.host, s.host_name, s.address, s.port, s.protocol, s.credential, s.credential_name, s.login, "
    "s.reason, s.rights, s.record, s.record_input, s.state, s.end_reason, s.ended_by, "
    "s.created_at, s.expires_at, s.redeemed_at, s.started_at, s.ended_at, s.source, s.dialled, "
    "s.host_key, s.bytes_in, s.bytes_out, s.exit_status, r.state, r.text_size, r.stored_at, "
    "r.erase_at FROM host_sessions s LEFT JOIN recordings r ON r.session = s.id ";

Session session_of(const store::Row& row) {
  Session out;
  std::size_t at = 0;
  for (auto* text :
       {&out.id, &out.owner, &out.owner_login, &out.owner_name, &out.edge, &out.edge_name,
        &out.site, &out.site_name, &out.host, &out.host_name, &out.address})
    *text = row.text(at++);
  out.port = row.integer(11);
  out.protocol = row.text(12);
  out.credential = row.text(13);
  out.credential_name = row.text(14);
  out.login = row.text(15);
  out.reason = row.text(16);
  out.rights = static_cast<std::uint32_t>(row.integer(17));
  out.record = row.flag(18);
  out.record_input = row.flag(19);
  out.state = state_named(row.text(20)).value_or(State::failed);
  out.end_reason = row.maybe_text(21);
  out.ended_by = row.maybe_text(22);
  out.created_at = row.time(23);
  out.expires_at = row.time(24);
  out.redeemed_at = row.maybe_time(25);
  out.started_at = row.maybe_time(26);
  out.ended_at = row.maybe_time(27);
  out.source = row.maybe_text(28);
  out.dialled = row.maybe_text(29);
  out.host_key = row.maybe_text(30);
  out.bytes_in = row.integer(31);
  out.bytes_out = row.integer(32);
  out.exit = row.maybe_integer(33);
  out.recording = recording_of(row, 34);
  return out;
}

Result<std::optional<Session>> locked(store::Transaction& transaction, std::string_view id) {
  // An UPDATE that changes nothing takes the row's lock on both engines.
  TRY(transaction.run("UPDATE host_sessions SET id = id WHERE id = $1", id));
  const auto row = TRY(transaction.one(select + "WHERE s.id = $1", id));
  if (!row) return std::optional<Session>{};
  return std::optional{session_of(*row)};
}

Outcome note(store::Transaction& transaction, std::string_view id, const TimelineEntry& entry) {
  TRY(transaction.run(
      "INSERT INTO host_session_events (session, number, at, code, detail) SELECT CAST($1 AS "
      "TEXT), COALESCE(MAX(number), 0) + 1, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT) "
      "FROM host_session_events WHERE session = $1",
      id, entry.at, entry.code, entry.detail));
  return {};
}

Result<bool> move(store::Transaction& transaction, Session& session, State to) {
  if (!may_move(session.state, to)) return false;
  TRY(transaction.run("UPDATE host_sessions SET state = $2, ended_at = NULL WHERE id = $1",
                      session.id, name(to)));
  TRY(transaction.run("UPDATE recordings SET over = 0 WHERE session = $1", session.id));
  session.state = to;
  session.ended_at.reset();
  return true;
}

Result<bool> end(store::Transaction& transaction, Session& session, const End& end) {
  if (!may_move(session.state, end.state)) return false;
  TRY(transaction.run(
      "UPDATE host_sessions SET state = $2, end_reason = $3, ended_at = $4 WHERE id = $1",
      session.id, name(end.state), end.reason, end.at));
  TRY(note(transaction, session.id, {end.at, code_of(end.state), end.reason.value_or("")}));
  session.state = end.state;
  session.end_reason = end.reason;
  session.ended_at = end.at;
  return true;
}

Outcome recording_is_over(store::Transaction& transaction, std::string_view id, Instant from) {
  TRY(transaction.run("UPDATE recordings SET over = 1, next_try_at = $2 WHERE session = $1", id,
                      from));
  return {};
}

Outcome queue(const Context& context, store::Transaction& transaction, std::string_view edge,
              std::string_view kind, BytesView id, BytesView body) {
  auto ref = TRY(edges::put_down(transaction, context.keyring, context.random, body,
                                 context.clock.now() + staged_for));
  TRY(edges::append(transaction, edge, {{kind, bytes::copy(id), std::move(ref)}}));
  return {};
}

Result<pushpull::SessionId> session_id(std::string_view text) {
  const auto raw = TRY(bytes::from_base64url(text));
  bytes::Reader reader{raw};
  const auto id = TRY(reader.array<16>());
  TRY(reader.end());
  return id;
}

}  // namespace sp::sessions::rows
