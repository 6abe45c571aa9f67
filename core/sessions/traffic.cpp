#include "core/sessions/traffic.h"

#include <algorithm>

#include "base/log/log.h"
#include "core/sessions/host_keys.h"
#include "core/sessions/internal/rows.h"
#include "core/sessions/internal/told.h"

namespace sp::sessions {
namespace {

using audit::Detail;
namespace kind = pushpull::kind;

// An edge's last word may be under way for a while.
constexpr Duration silence = std::chrono::minutes{2};
constexpr Duration silence_of_session = std::chrono::minutes{15};
constexpr int sweep_at_once = 500;
constexpr std::size_t most_path = 4096;
constexpr int most_files = 10'000;

void passed_over(std::string_view edge, const pushpull::Event& event, std::string_view why) {
  log::warning("event_passed_over",
               {{"edge", edge}, {"seq", event.seq}, {"kind", event.kind}, {"why", why}});
}

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX));
}

Outcome tell(store::Transaction& transaction, std::string_view session, std::uint64_t chunks,
             std::uint64_t size, const pushpull::Hash& hash) {
  // What was durable once stays so: news that come late change nothing.
  TRY(transaction.run(
      "UPDATE recordings SET told_chunks = $2, told_bytes = $3, told_hash = $4 WHERE session = $1 "
      "AND told_bytes <= $3 AND stored_at IS NULL",
      session, number(chunks), number(size), hash));
  return {};
}

}  // namespace

Outcome SessionTraffic::record(store::Transaction& transaction, audit::Event event,
                               const Session& session, audit::Details details) {
  return context_.audit.append(transaction, {event,
                                             audit::Ending::success,
                                             {"edge", session.edge, session.edge_name},
                                             {"host_session", session.id, session.host_name},
                                             "",
                                             std::move(details)});
}

Outcome SessionTraffic::over(store::Transaction& transaction, Session& session, State state,
                             Instant at) {
  if (!TRY(rows::end(transaction, session, {state, {}, at}))) return {};
  return rows::recording_is_over(transaction, session.id, context_.clock.now() + rows::late_news);
}

Outcome SessionTraffic::settled(store::Transaction& transaction, std::string_view edge,
                                std::uint64_t first, std::uint64_t last,
                                std::span<const pushpull::Refused> refused) {
  for (const auto& item : refused) {
    if (item.seq < first || item.seq > last) continue;
    const auto row = TRY(transaction.one(
        "SELECT id FROM host_sessions WHERE edge = $1 AND put_seq = $2", edge, number(item.seq)));
    if (!row) continue;
    auto session = TRY(rows::locked(transaction, row->text(0)));
    TRY(over(transaction, *session, State::failed, context_.clock.now()));
    TRY(record(transaction, audit::Event::host_session_ended, *session,
               {{Detail::reason, "refused"}}));
  }
  return {};
}

Outcome SessionTraffic::happened(store::Transaction& transaction, std::string_view edge,
                                 const pushpull::Event& event) {
  auto session = TRY(rows::locked(transaction, bytes::base64url(event.id)));
  if (session && session->edge != edge) session.reset();
  if (event.kind == kind::ticket_refused) return refused(transaction, edge, session, event);
  if (!session) return passed_over(edge, event, "no such session here"), Outcome{};
  if (event.kind == kind::ticket_redeemed) return redeemed(transaction, *session, event);
  if (event.kind == kind::ticket_expired)
    return over(transaction, *session, State::expired, event.at);
  if (event.kind == kind::session_started) return started(transaction, *session, event);
  if (event.kind == kind::session_attached) return attached(transaction, *session, event);
  if (event.kind == kind::session_host_key) return host_key(transaction, *session, event);
  if (event.kind == kind::session_recording) return recorded(transaction, *session, event);
  if (event.kind == kind::session_file) return file(transaction, *session, event);
  if (event.kind == kind::session_ended) return ended(transaction, *session, event);
  return passed_over(edge, event, "unknown kind"), Outcome{};
}

Outcome SessionTraffic::redeemed(store::Transaction& transaction, Session& session,
                                 const pushpull::Event& event) {
  const auto body = pushpull::decode_ticket_redeemed(event.body);
  if (!body) return passed_over(session.edge, event, "malformed"), Outcome{};
  const auto source = told_word(body->source);
  TRY(rows::move(transaction, session, State::opening));
  TRY(transaction.run(
      "UPDATE host_sessions SET redeemed_at = COALESCE(redeemed_at, CAST($2 AS BIGINT)), source = "
      "$3 WHERE id = $1",
      session.id, event.at, source));
  TRY(rows::note(transaction, session.id, {event.at, "session.opening", source}));
  return record(transaction, audit::Event::host_session_opened, session,
                {{Detail::network, source}});
}

Outcome SessionTraffic::started(store::Transaction& transaction, Session& session,
                                const pushpull::Event& event) {
  const auto body = pushpull::decode_session_started(event.body);
  if (!body) return passed_over(session.edge, event, "malformed"), Outcome{};
  const auto address = told_word(body->address);
  TRY(rows::move(transaction, session, State::running));
  TRY(transaction.run(
      "UPDATE host_sessions SET started_at = COALESCE(started_at, CAST($2 AS BIGINT)), dialled = "
      "$3, host_key = $4 WHERE id = $1",
      session.id, event.at, address, told_key(body->host_key)));
  TRY(rows::note(transaction, session.id, {event.at, "session.running", address}));
  return record(transaction, audit::Event::host_session_started, session,
                {{Detail::network, address}});
}

Outcome SessionTraffic::attached(store::Transaction& transaction, Session& session,
                                 const pushpull::Event& event) {
  const auto body = pushpull::decode_session_attached(event.body);
  if (!body) return passed_over(session.edge, event, "malformed"), Outcome{};
  const auto source = told_word(body->source);
  TRY(rows::note(transaction, session.id, {event.at, "session.attached", source}));
  return record(transaction, audit::Event::host_session_attached, session,
                {{Detail::network, source}});
}

Outcome SessionTraffic::host_key(store::Transaction& transaction, Session& session,
                                 const pushpull::Event& event) {
  const auto body = pushpull::decode_session_host_key(event.body);
  const auto verdict = body ? verdict_named(body->verdict) : std::nullopt;
  const auto key = body ? told_key(body->host_key) : "";
  if (!verdict || key.empty()) return passed_over(session.edge, event, "malformed"), Outcome{};
  TRY(seen(context_, transaction, session, key, *verdict, event.at));
  TRY(rows::note(transaction, session.id,
                 {event.at, "session.host_key", std::string{name(*verdict)}}));
  return record(transaction, audit::Event::host_key_seen, session,
                {{Detail::reason, std::string{name(*verdict)}}});
}

Outcome SessionTraffic::recorded(store::Transaction& transaction, Session& session,
                                 const pushpull::Event& event) {
  const auto body = pushpull::decode_session_recording(event.body);
  if (!body) return passed_over(session.edge, event, "malformed"), Outcome{};
  TRY(transaction.run(
      "UPDATE recordings SET state = 'growing' WHERE session = $1 AND state = 'awaited'",
      session.id));
  return tell(transaction, session.id, body->chunks, body->bytes, body->hash);
}

Outcome SessionTraffic::file(store::Transaction& transaction, Session& session,
                             const pushpull::Event& event) {
  const auto body = pushpull::decode_session_file(event.body);
  if (!body) return passed_over(session.edge, event, "malformed"), Outcome{};
  const auto row = TRY(transaction.one(
      "SELECT COALESCE(MAX(number), 0) FROM host_session_files WHERE session = $1", session.id));
  const auto next = row->integer(0) + 1;
  if (next > most_files) return passed_over(session.edge, event, "too many files"), Outcome{};
  const auto action = told_word(body->action), outcome = told_word(body->outcome);
  const auto path = told_text(body->path, most_path);
  TRY(transaction.run(
      "INSERT INTO host_session_files (session, number, at, action, path, size, hash, outcome) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      session.id, next, event.at, action, path, number(body->size), body->hash, outcome));
  return record(transaction, audit::Event::host_session_file, session,
                {{Detail::reason, action + " " + outcome},
                 {Detail::files, path},
                 {Detail::size, std::to_string(body->size)}});
}

Outcome SessionTraffic::ended(store::Transaction& transaction, Session& session,
                              const pushpull::Event& event) {
  const auto body = pushpull::decode_session_ended(event.body);
  if (!body || !is_end_reason(body->reason))
    return passed_over(session.edge, event, "malformed"), Outcome{};
  if (!TRY(rows::end(transaction, session, {State::ended, body->reason, event.at}))) return {};
  const auto exit =
      body->exit ? std::optional{static_cast<std::int64_t>(*body->exit)} : std::nullopt;
  TRY(transaction.run(
      "UPDATE host_sessions SET bytes_in = $2, bytes_out = $3, exit_status = $4 WHERE id = $1",
      session.id, number(body->bytes_in), number(body->bytes_out), exit));
  TRY(tell(transaction, session.id, body->chunks, body->bytes, body->hash));
  TRY(rows::recording_is_over(transaction, session.id, context_.clock.now()));
  transaction.after_commit(wake_collector_);
  return record(transaction, audit::Event::host_session_ended, session,
                {{Detail::reason, body->reason}});
}

Outcome SessionTraffic::refused(store::Transaction& transaction, std::string_view edge,
                                const std::optional<Session>& session,
                                const pushpull::Event& event) {
  const auto body = pushpull::decode_ticket_refused(event.body);
  if (!body) return passed_over(edge, event, "malformed"), Outcome{};
  const auto reason = told_word(body->reason), source = told_word(body->source);
  audit::Entry entry{audit::Event::ticket_refused,
                     audit::Ending::refused,
                     {"edge", std::string{edge}, ""},
                     {"edge", std::string{edge}, ""},
                     "",
                     {{Detail::reason, reason},
                      {Detail::network, source},
                      {Detail::count, std::to_string(body->count)}}};
  if (session) {
    entry.object = {"host_session", session->id, session->host_name};
    TRY(rows::note(transaction, session->id, {event.at, "session.refused", reason}));
  }
  return context_.audit.append(transaction, entry);
}

Result<std::vector<pushpull::LiveMessage>> SessionTraffic::live(store::Transaction& transaction,
                                                                std::string_view edge) {
  const auto rows =
      TRY(transaction.query("SELECT ticket FROM host_sessions WHERE edge = $1 AND state IN "
                            "('waiting', 'opening', 'running') AND ended_at IS NULL",
                            edge));
  std::vector<pushpull::LiveMessage> out;
  for (const auto& row : rows) {
    pushpull::LiveMessage ticket;
    if (row.bytes(0).size() != ticket.id.size())
      return Error{Code::corrupt, "host_sessions: ticket"};
    std::ranges::copy(row.bytes(0), ticket.id.begin());
    ticket.views_left = 1;
    out.push_back(ticket);
  }
  return out;
}

Outcome SessionTraffic::removed(store::Transaction& transaction, std::string_view edge) {
  const auto rows =
      TRY(transaction.query("SELECT id FROM host_sessions WHERE edge = $1 AND ended_at IS NULL "
                            "ORDER BY id",
                            edge));
  for (const auto& row : rows) {
    auto session = TRY(rows::locked(transaction, row.text(0)));
    const auto now = context_.clock.now();
    if (!TRY(rows::end(transaction, *session, {State::lost, {}, now}))) continue;
    TRY(rows::recording_is_over(transaction, session->id, now));
    TRY(record(transaction, audit::Event::host_session_ended, *session,
               {{Detail::reason, "lost"}}));
  }
  return {};
}

Result<Bytes> SessionTraffic::settings(store::Transaction& /*transaction*/) {
  return pushpull::empty_body();
}

Result<int> SessionTraffic::sweep() {
  const auto now = context_.clock.now();
  return context_.store.write([&](store::Transaction& transaction) -> Result<int> {
    const auto rows = TRY(transaction.query(
        "SELECT id FROM host_sessions WHERE ended_at IS NULL AND ((state = 'waiting' AND "
        "expires_at < $1) OR (state IN ('opening', 'running') AND total_ms > 0 AND "
        "COALESCE(redeemed_at, created_at) + total_ms < $2)) ORDER BY created_at LIMIT $3",
        now - silence, now - silence_of_session, sweep_at_once));
    int swept = 0;
    for (const auto& row : rows) {
      auto session = TRY(rows::locked(transaction, row.text(0)));
      const bool began = session->state != State::waiting;
      TRY(over(transaction, *session, began ? State::lost : State::expired, now));
      TRY(record(transaction, audit::Event::host_session_ended, *session,
                 {{Detail::reason, began ? "lost" : "expired"}}));
      ++swept;
    }
    return swept;
  });
}

}  // namespace sp::sessions
