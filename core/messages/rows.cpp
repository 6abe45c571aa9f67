#include <algorithm>
#include <charconv>

#include "core/messages/internal/rows.h"

namespace sp::messages {
namespace {

std::optional<Reason> maybe_reason(const store::Row& row, std::size_t column) {
  const auto text = row.maybe_text(column);
  return text ? reason_named(*text) : std::nullopt;
}

MailState mail_state_named(std::string_view text) {
  for (const auto state : {MailState::queued, MailState::sent, MailState::failed})
    if (text == name(state)) return state;
  return MailState::none;
}

std::string_view code_of(State state) {
  switch (state) {
    case State::queued:
      return "message.created";
    case State::live:
      return "message.live";
    case State::viewed:
      return "message.viewed";
    case State::destroyed:
      return "message.destroyed";
    case State::expired:
      return "message.expired";
    case State::revoked:
      return "message.revoked";
    case State::lost:
      return "message.lost";
    case State::failed:
      return "message.failed";
  }
  return "";
}

// A pattern for LIKE ... ESCAPE '!' that finds `part` anywhere, literally.
std::string pattern_of(std::string_view part) {
  std::string out = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '!') out += '!';
    out += c;
  }
  return out + "%";
}

struct Key {
  std::int64_t created_at;
  std::string_view id;
};
Result<Key> parse_key(std::string_view text) {
  Key key{0, {}};
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), key.created_at);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (problem != std::errc{} || key.created_at < 0 || digits == text.size() || text[digits] != ':')
    return Error{Code::invalid_input, "after: not a cursor of this list"};
  key.id = text.substr(digits + 1);
  return key;
}

}  // namespace

std::string_view name(MailState state) {
  switch (state) {
    case MailState::none:
      return "none";
    case MailState::queued:
      return "queued";
    case MailState::sent:
      return "sent";
    case MailState::failed:
      return "failed";
  }
  return "";
}

namespace rows {

const std::string select =
    "SELECT m.id, m.owner, m.sender_login, m.sender_name, m.edge, e.name, m.state, m.reason, "
    "m.subject, m.recipient, "
    "m.recipient_name, m.language, m.created_at, m.expires_at, m.live_at, m.first_viewed_at, "
    "m.ended_at, m.views, "
    "m.views_left, m.has_passphrase, m.attempts_left, m.notify, m.files, m.size, m.mail, "
    "m.sender_email "
    "FROM messages m JOIN edges e ON e.id = m.edge ";

Message message_of(const store::Row& row) {
  Message out;
  out.id = row.text(0);
  out.owner = row.text(1);
  out.sender_login = row.text(2);
  out.sender_name = row.text(3);
  out.edge = row.text(4);
  out.edge_name = row.text(5);
  out.state = state_named(row.text(6)).value_or(State::failed);
  out.reason = maybe_reason(row, 7);
  out.subject = row.maybe_text(8);
  out.to = row.maybe_text(9);
  out.to_name = row.maybe_text(10);
  out.language = row.text(11);
  out.created_at = row.time(12);
  out.expires_at = row.time(13);
  out.live_at = row.maybe_time(14);
  out.first_viewed_at = row.maybe_time(15);
  out.ended_at = row.maybe_time(16);
  out.views = row.integer(17);
  out.views_left = row.integer(18);
  out.has_passphrase = row.flag(19);
  out.attempts_left = row.maybe_integer(20);
  out.notify = row.flag(21);
  out.files = row.integer(22);
  out.size = row.integer(23);
  out.mail = mail_state_named(row.text(24));
  out.sender_email = row.maybe_text(25).value_or("");
  return out;
}

Result<std::optional<Message>> locked(store::Transaction& transaction, std::string_view id) {
  // An UPDATE that changes nothing takes the row's lock on both engines.
  TRY(transaction.run("UPDATE messages SET id = id WHERE id = $1", id));
  const auto row = TRY(transaction.one(select + "WHERE m.id = $1", id));
  if (!row) return std::optional<Message>{};
  return std::optional{message_of(*row)};
}

Result<std::optional<Message>> locked_by_hash(store::Transaction& transaction, BytesView hash) {
  TRY(transaction.run("UPDATE messages SET id = id WHERE hash = $1", hash));
  const auto row = TRY(transaction.one(select + "WHERE m.hash = $1", hash));
  if (!row) return std::optional<Message>{};
  return std::optional{message_of(*row)};
}

Outcome note(store::Transaction& transaction, std::string_view id, const TimelineEntry& entry) {
  TRY(transaction.run(
      "INSERT INTO message_events (message, number, at, code, view_number, left_over, reason, "
      "source) "
      "SELECT CAST($1 AS TEXT), COALESCE(MAX(number), 0) + 1, CAST($2 AS BIGINT), CAST($3 AS "
      "TEXT), "
      "CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS TEXT), CAST($7 AS TEXT) "
      "FROM message_events WHERE message = $1",
      id, entry.at, entry.code, entry.view, entry.left, entry.reason, entry.source));
  return {};
}

Result<bool> end(store::Transaction& transaction, Message& message, const End& end) {
  if (!may_move(message.state, end.state)) return false;
  const auto reason = end.reason ? std::optional{std::string{name(*end.reason)}} : std::nullopt;
  TRY(transaction.run("UPDATE messages SET state = $2, reason = $3, ended_at = $4 WHERE id = $1",
                      message.id, name(end.state), reason, end.at));
  TRY(note(transaction, message.id, {end.at, std::string{code_of(end.state)}, {}, {}, reason, {}}));
  message.state = end.state;
  message.reason = end.reason;
  message.ended_at = end.at;
  return true;
}

}  // namespace rows

std::string search_text(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string key_of(const Message& message) {
  return std::to_string(to_millis(message.created_at)) + ":" + message.id;
}

Result<std::vector<Message>> list(store::Store& store, const access::Permit& permit,
                                  const Filter& filter, std::string_view after, int limit) {
  permit.expect(access::Action::messages_read);
  std::string sql =
      rows::select + "WHERE ($1 = '' OR m.owner = $1) AND m.search LIKE $2 ESCAPE '!'";
  // Text would be ambiguous to PostgreSQL in "$1 = ''" alone; m.owner = $1 settles its type.
  std::string states;
  for (const auto state : filter.states)
    states += (states.empty() ? "'" : ", '") + std::string{name(state)} + "'";
  if (!states.empty()) sql += " AND m.state IN (" + states + ")";

  Key key{0, ""};
  if (!after.empty()) {
    key = TRY(parse_key(after));
    sql += " AND (m.created_at, m.id) < ($4, $5)";
  }
  sql += " ORDER BY m.created_at DESC, m.id DESC LIMIT $3";

  const auto pattern = pattern_of(search_text(filter.part));
  return store.read([&](store::Transaction& transaction) -> Result<std::vector<Message>> {
    std::vector<store::Parameter> values{filter.owner, pattern, limit};
    if (!after.empty()) {
      values.emplace_back(key.created_at);
      values.emplace_back(key.id);
    }
    const auto answer = TRY(transaction.execute_list(sql, values));
    std::vector<Message> out;
    std::ranges::transform(answer.rows, std::back_inserter(out), rows::message_of);
    return out;
  });
}

Result<Message> find(store::Store& store, std::string_view id) {
  return store.read([&](store::Transaction& transaction) -> Result<Message> {
    const auto row = TRY(transaction.one(rows::select + "WHERE m.id = $1", id));
    if (!row) return Error{Code::not_found, "message: unknown"};
    return rows::message_of(*row);
  });
}

Result<std::vector<TimelineEntry>> timeline(store::Store& store, const access::Permit& permit,
                                            std::string_view id) {
  permit.expect(access::Action::messages_read);
  return store.read([&](store::Transaction& transaction) -> Result<std::vector<TimelineEntry>> {
    const auto rows =
        TRY(transaction.query("SELECT at, code, view_number, left_over, reason, source FROM "
                              "message_events WHERE message = $1 ORDER BY number",
                              id));
    std::vector<TimelineEntry> out;
    for (const auto& row : rows)
      out.push_back({row.time(0), row.text(1), row.maybe_integer(2), row.maybe_integer(3),
                     row.maybe_text(4), row.maybe_text(5)});
    return out;
  });
}

}  // namespace sp::messages
