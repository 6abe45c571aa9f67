#include "core/sessions/session.h"

#include <algorithm>
#include <charconv>

#include "core/sessions/internal/rows.h"

namespace sp::sessions {
namespace {

// A pattern for LIKE ... ESCAPE '!' that finds `part` anywhere, literally, whatever the case of its
// ASCII letters: the column holds lower ones.
std::string pattern_of(std::string_view part) {
  std::string out = "%";
  for (char c : part) {
    if (c == '%' || c == '_' || c == '!') out += '!';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    out += c;
  }
  return out + "%";
}

struct Key {
  std::int64_t created_at = 0;
  std::string_view id;
};
Result<Key> parse_key(std::string_view text) {
  Key key;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), key.created_at);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (problem != std::errc{} || key.created_at < 0 || digits == text.size() || text[digits] != ':')
    return Error{Code::invalid_input, "after: not a cursor of this list"};
  key.id = text.substr(digits + 1);
  return key;
}

// A condition for each part of the filter that is there, and its value.
class Where {
 public:
  void add(std::string_view before, const store::Parameter& value, std::string_view after = "") {
    values_.push_back(value);
    text_ += text_.empty() ? "WHERE " : " AND ";
    text_ += std::string{before} + "$" + std::to_string(values_.size()) + std::string{after};
  }
  void add_plain(std::string_view condition) {
    text_ += text_.empty() ? "WHERE " : " AND ";
    text_ += condition;
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::vector<store::Parameter>& values() const { return values_; }

 private:
  std::string text_;
  std::vector<store::Parameter> values_;
};

std::string states_condition(const std::vector<State>& states) {
  std::string out;
  for (const auto state : states)
    out += (out.empty() ? "s.state IN ('" : "', '") + std::string{name(state)};
  return out + "')";
}

template <class T, class Make>
Result<std::vector<T>> rows_of(store::Store& store, std::string_view sql, std::string_view id,
                               Make make) {
  return store.read([&](store::Transaction& transaction) -> Result<std::vector<T>> {
    const auto rows = TRY(transaction.query(sql, id));
    std::vector<T> out;
    std::ranges::transform(rows, std::back_inserter(out), make);
    return out;
  });
}

}  // namespace

std::string key_of(const Session& session) {
  return std::to_string(to_millis(session.created_at)) + ":" + session.id;
}

Result<std::vector<Session>> list(store::Store& store, const access::Permit& permit,
                                  const Filter& filter, std::string_view after, int limit) {
  permit.expect(access::Action::host_sessions_read);
  const auto key = after.empty() ? Key{} : TRY(parse_key(after));
  const auto pattern = pattern_of(filter.part);
  Where where;
  if (!filter.part.empty()) where.add("s.search LIKE ", pattern, " ESCAPE '!'");
  if (!filter.owner.empty()) where.add("s.owner = ", filter.owner);
  if (!filter.host.empty()) where.add("s.host = ", filter.host);
  if (!filter.site.empty()) where.add("s.site = ", filter.site);
  if (filter.from) where.add("s.created_at >= ", *filter.from);
  if (filter.to) where.add("s.created_at < ", *filter.to);
  if (!filter.states.empty()) where.add_plain(states_condition(filter.states));
  if (!after.empty()) {
    where.add("s.created_at <= ", key.created_at);
    where.add("(s.created_at, s.id) < (" + std::to_string(key.created_at) + ", ", key.id, ")");
  }
  const auto sql = rows::select + where.text() + " ORDER BY s.created_at DESC, s.id DESC LIMIT " +
                   std::to_string(limit);
  return store.read([&](store::Transaction& transaction) -> Result<std::vector<Session>> {
    const auto answer = TRY(transaction.execute_list(sql, where.values()));
    std::vector<Session> out;
    std::ranges::transform(answer.rows, std::back_inserter(out), rows::session_of);
    return out;
  });
}

Result<Session> find(store::Store& store, std::string_view id) {
  return store.read([&](store::Transaction& transaction) -> Result<Session> {
    const auto row = TRY(transaction.one(rows::select + "WHERE s.id = $1", id));
    if (!row) return Error{Code::not_found, "session: unknown"};
    return rows::session_of(*row);
  });
}

Result<std::vector<TimelineEntry>> timeline(store::Store& store, const access::Permit& permit,
                                            std::string_view id) {
  permit.expect(access::Action::host_sessions_read);
  return rows_of<TimelineEntry>(
      store, "SELECT at, code, detail FROM host_session_events WHERE session = $1 ORDER BY number",
      id, [](const store::Row& row) {
        return TimelineEntry{row.time(0), row.text(1), row.text(2)};
      });
}

Result<std::vector<CarriedFile>> files(store::Store& store, const access::Permit& permit,
                                       std::string_view id) {
  permit.expect(access::Action::host_sessions_read);
  return rows_of<CarriedFile>(
      store,
      "SELECT at, action, path, size, hash, outcome FROM host_session_files WHERE session = $1 "
      "ORDER BY number",
      id, [](const store::Row& row) {
        CarriedFile out{row.time(0), row.text(1), row.text(2), row.integer(3), {}, row.text(5)};
        if (!row.is_null(4)) out.sha256 = bytes::hex(row.bytes(4));
        return out;
      });
}

Result<std::vector<Comment>> comments(store::Store& store, const access::Permit& permit,
                                      std::string_view id) {
  permit.expect(access::Action::host_sessions_read);
  return rows_of<Comment>(
      store,
      "SELECT at, person, login, text FROM host_session_comments WHERE session = $1 ORDER BY "
      "number",
      id, [](const store::Row& row) {
        return Comment{row.time(0), row.text(1), row.text(2), row.text(3)};
      });
}

Outcome comment(const Context& context, const access::Permit& permit, std::string_view id,
                std::string_view text) {
  permit.expect(access::Action::host_sessions_write);
  const auto& actor = permit.actor();
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto session = TRY(rows::locked(transaction, id));
    if (!session) return Error{Code::not_found, "session: unknown"};
    TRY(transaction.run(
        "INSERT INTO host_session_comments (session, number, at, person, login, text) SELECT "
        "CAST($1 AS TEXT), COALESCE(MAX(number), 0) + 1, CAST($2 AS BIGINT), CAST($3 AS TEXT), "
        "CAST($4 AS TEXT), CAST($5 AS TEXT) FROM host_session_comments WHERE session = $1",
        id, context.clock.now(), actor.person, actor.login, text));
    return context.audit.append(transaction, {audit::Event::host_session_commented,
                                              audit::Ending::success,
                                              access::who(actor),
                                              {"host_session", session->id, session->host_name},
                                              actor.source,
                                              {}});
  });
}

Result<Session> end(const Context& context, const access::Permit& permit, std::string_view id,
                    const Wake& wake) {
  permit.expect(access::Action::host_sessions_write);
  const auto& actor = permit.actor();
  const auto raw = rows::session_id(id);
  if (!raw) return Error{Code::not_found, "session: unknown"};
  const auto by = actor.name.empty() ? actor.login : actor.name;
  return context.store.write([&](store::Transaction& transaction) -> Result<Session> {
    auto session = TRY(rows::locked(transaction, id));
    if (!session) return Error{Code::not_found, "session: unknown"};
    if (!is_open(session->state)) return Error{Code::conflict, "session: over"};
    const auto now = context.clock.now();
    const auto ticket =
        TRY(transaction.one("SELECT ticket FROM host_sessions WHERE id = $1", session->id));
    // Whether somebody came with the ticket meanwhile is known by the gateway alone: it gets both.
    if (session->state == State::waiting)
      TRY(rows::queue(context, transaction, session->edge, pushpull::kind::ticket_revoke,
                      ticket->bytes(0), pushpull::empty_body()));
    TRY(rows::queue(context, transaction, session->edge, pushpull::kind::session_terminate, *raw,
                    pushpull::encode(pushpull::SessionTerminate{by})));
    TRY(transaction.run("UPDATE host_sessions SET ended_by = $2 WHERE id = $1", session->id,
                        actor.login));
    session->ended_by = actor.login;
    TRY(rows::note(transaction, session->id, {now, "session.terminate", actor.login}));
    if (TRY(rows::end(transaction, *session, {State::revoked, {}, now})))
      TRY(rows::recording_is_over(transaction, session->id, now + rows::late_news));
    transaction.after_commit([&wake, edge = session->edge] { wake(edge); });
    TRY(context.audit.append(transaction, {audit::Event::host_session_terminated,
                                           audit::Ending::success,
                                           access::who(actor),
                                           {"host_session", session->id, session->host_name},
                                           actor.source,
                                           {}}));
    return *std::move(session);
  });
}

}  // namespace sp::sessions
