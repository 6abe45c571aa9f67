#include "core/messages/traffic.h"

#include <algorithm>

#include "base/log/log.h"
#include "core/edges/queue.h"
#include "core/messages/internal/rows.h"
#include "core/messages/letters.h"
#include "core/messages/upload.h"

namespace sp::messages {
namespace {

using audit::Detail;

// An edge reports an end by itself, at most so much later.
constexpr Duration silence = std::chrono::minutes{2};
constexpr int sweep_at_once = 500;

audit::Event event_of(State state) {
  switch (state) {
    case State::live:
      return audit::Event::message_live;
    case State::viewed:
      return audit::Event::message_viewed;
    case State::expired:
      return audit::Event::message_expired;
    case State::revoked:
      return audit::Event::message_revoked;
    case State::lost:
      return audit::Event::message_lost;
    case State::failed:
      return audit::Event::message_failed;
    case State::queued:
    case State::destroyed:
      break;
  }
  return audit::Event::message_destroyed;
}

// Codes are ours: a hostile edge must not fill a row with text of its choice.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 64)) {
    const bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '.' || c == ':' || c == '/' || c == '_' || c == '-';
    if (kept) out += c;
  }
  return out;
}

void passed_over(std::string_view edge, const pushpull::Event& event, std::string_view why) {
  log::warning("event_passed_over",
               {{"edge", edge}, {"seq", event.seq}, {"kind", event.kind}, {"why", why}});
}

}  // namespace

Outcome MessageTraffic::record(store::Transaction& transaction, audit::Event event,
                               const Message& message, audit::Details details) {
  return context_.audit.append(transaction, {event,
                                             audit::Ending::success,
                                             {"edge", message.edge, message.edge_name},
                                             {"message", message.id, ""},
                                             "",
                                             std::move(details)});
}

Outcome MessageTraffic::settled(store::Transaction& transaction, std::string_view edge,
                                std::uint64_t first, std::uint64_t last,
                                std::span<const pushpull::Refused> refused) {
  const auto rows =
      TRY(transaction.query("SELECT id, first_seq, put_seq FROM messages WHERE edge = $1 AND "
                            "put_seq BETWEEN $2 AND $3 ORDER BY put_seq",
                            edge, first, last));
  for (const auto& row : rows) {
    auto message = TRY(rows::locked(transaction, row.text(0)));
    const auto mine = [&](const pushpull::Refused& item) {
      return item.seq >= static_cast<std::uint64_t>(row.integer(1)) &&
             item.seq <= static_cast<std::uint64_t>(row.integer(2));
    };
    // Its last item was settled before its first one only when chunks went in an earlier batch.
    if (std::ranges::any_of(refused, mine))
      TRY(finish(transaction, *message, State::failed, {}, context_.clock.now()));
    else
      TRY(become_live(transaction, *message));
  }
  // A chunk that was refused in a batch before its put: the message fails now.
  for (const auto& item : refused) {
    const auto row =
        TRY(transaction.one("SELECT id FROM messages WHERE edge = $1 AND first_seq <= $2 AND "
                            "put_seq > $3 AND state = 'queued'",
                            edge, item.seq, last));
    if (!row) continue;
    auto message = TRY(rows::locked(transaction, row->text(0)));
    TRY(finish(transaction, *message, State::failed, {}, context_.clock.now()));
  }
  return {};
}

Outcome MessageTraffic::become_live(store::Transaction& transaction, Message& message) {
  const auto now = context_.clock.now();
  const bool moves = may_move(message.state, State::live);
  TRY(
      transaction.run("UPDATE messages SET live_at = COALESCE(live_at, CAST($2 AS BIGINT)), state "
                      "= $3 WHERE id = $1",
                      message.id, now, name(moves ? State::live : message.state)));
  if (!moves) return {};
  message.state = State::live;
  TRY(rows::note(transaction, message.id, {now, "message.live", {}, {}, {}, {}}));
  if (message.mail == MailState::queued) {
    TRY(mail::release({context_.store, context_.keyring, context_.clock, context_.random},
                      transaction, message.id));
    transaction.after_commit(wake_mailer_);
  }
  return record(transaction, audit::Event::message_live, message, {});
}

Outcome MessageTraffic::finish(store::Transaction& transaction, Message& message, State state,
                               std::optional<Reason> reason, Instant at) {
  const bool moved = TRY(rows::end(transaction, message, {state, reason, at}));
  if (!moved) return {};
  if (TRY(mail::withdraw(transaction, message.id)))
    TRY(transaction.run("UPDATE messages SET mail = 'none' WHERE id = $1", message.id));
  const bool unread = !message.first_viewed_at && state != State::revoked;
  if (unread) TRY(notify(transaction, message, mail::Occasion::destroyed_unread, at, ""));
  audit::Details details;
  if (reason) details.emplace_back(Detail::reason, name(*reason));
  return record(transaction, event_of(state), message, std::move(details));
}

Outcome MessageTraffic::happened(store::Transaction& transaction, std::string_view edge,
                                 const pushpull::Event& event) {
  if (event.kind == pushpull::kind::edge_warning) {
    const auto warning = pushpull::decode_edge_warning(event.body);
    if (!warning) return passed_over(edge, event, "malformed"), Outcome{};
    return context_.audit.append(transaction, {audit::Event::edge_warning,
                                               audit::Ending::success,
                                               {"edge", std::string{edge}, ""},
                                               {"edge", std::string{edge}, ""},
                                               "",
                                               {{Detail::reason, plain(warning->code)}}});
  }
  auto message = TRY(rows::locked_by_hash(transaction, event.id));
  if (!message || message->edge != edge)
    return passed_over(edge, event, "no such message here"), Outcome{};
  if (event.kind == pushpull::kind::message_viewed) return viewed(transaction, *message, event);
  if (event.kind == pushpull::kind::message_refused) return refused(transaction, *message, event);
  if (event.kind == pushpull::kind::message_destroyed)
    return destroyed(transaction, *message, event);
  if (event.kind == pushpull::kind::message_lost)
    return finish(transaction, *message, State::lost, {}, event.at);
  return passed_over(edge, event, "unknown kind"), Outcome{};
}

Outcome MessageTraffic::viewed(store::Transaction& transaction, Message& message,
                               const pushpull::Event& event) {
  const auto view = pushpull::decode_message_viewed(event.body);
  if (!view) return passed_over(message.edge, event, "malformed"), Outcome{};
  const auto network = plain(view->source);
  // What the core believes to be left never goes up, whatever an edge says.
  const auto left = std::min<std::int64_t>(view->left, message.views_left);
  TRY(
      transaction.run("UPDATE messages SET views_left = $2, first_viewed_at = "
                      "COALESCE(first_viewed_at, CAST($3 AS BIGINT)) WHERE id = $1",
                      message.id, left, event.at));
  if (may_move(message.state, State::viewed))
    TRY(transaction.run("UPDATE messages SET state = 'viewed' WHERE id = $1", message.id));
  TRY(rows::note(transaction, message.id,
                 {event.at, "message.viewed", view->view, left, {}, network}));
  // One notice for each view that counts, however often an edge repeats itself.
  if (left < message.views_left)
    TRY(notify(transaction, message, mail::Occasion::viewed, event.at, network));
  return record(transaction, audit::Event::message_viewed, message,
                {{Detail::view, std::to_string(view->view)},
                 {Detail::left, std::to_string(left)},
                 {Detail::network, network}});
}

Outcome MessageTraffic::refused(store::Transaction& transaction, Message& message,
                                const pushpull::Event& event) {
  const auto refusal = pushpull::decode_message_refused(event.body);
  if (!refusal) return passed_over(message.edge, event, "malformed"), Outcome{};
  const auto network = plain(refusal->source);
  TRY(transaction.run("UPDATE messages SET attempts_left = $2 WHERE id = $1", message.id,
                      refusal->left));
  TRY(rows::note(transaction, message.id,
                 {event.at, "message.refused", {}, refusal->left, {}, network}));
  if (refusal->left < message.attempts_left.value_or(0))
    TRY(notify(transaction, message, mail::Occasion::wrong_passphrase, event.at, network));
  return record(transaction, audit::Event::message_wrong_passphrase, message,
                {{Detail::left, std::to_string(refusal->left)}, {Detail::network, network}});
}

Outcome MessageTraffic::destroyed(store::Transaction& transaction, Message& message,
                                  const pushpull::Event& event) {
  const auto end = pushpull::decode_message_destroyed(event.body);
  const auto reason = end ? reason_named(end->reason) : std::nullopt;
  if (!reason) return passed_over(message.edge, event, "malformed"), Outcome{};
  if (!is_running(message.state))  // the edge confirms what the core knew already
    return rows::note(transaction, message.id,
                      {event.at, "message.destroyed", {}, {}, std::string{name(*reason)}, {}});
  return finish(transaction, message, state_after(*reason), reason, event.at);
}

Outcome MessageTraffic::notify(store::Transaction& transaction, const Message& message,
                               mail::Occasion occasion, Instant when, const std::string& network) {
  if (!message.notify || !mail::is_address(message.sender_email)) return {};
  const auto values = TRY(settings_.current(transaction));
  if (!can_mail(values)) return {};
  const auto letter = notice({values, site_url_}, {occasion, message, when, network});
  TRY(mail::enqueue({context_.store, context_.keyring, context_.clock, context_.random},
                    transaction, letter));
  transaction.after_commit(wake_mailer_);
  return {};
}

Result<std::vector<pushpull::LiveMessage>> MessageTraffic::live(store::Transaction& transaction,
                                                                std::string_view edge) {
  const auto rows =
      TRY(transaction.query("SELECT hash, views_left FROM messages WHERE edge = $1 AND state IN "
                            "('live', 'viewed') AND views_left > 0 "
                            "AND expires_at > $2",
                            edge, context_.clock.now()));
  std::vector<pushpull::LiveMessage> out;
  for (const auto& row : rows) {
    pushpull::LiveMessage message;
    const auto& hash = row.bytes(0);
    if (hash.size() != message.id.size()) return Error{Code::corrupt, "messages: hash"};
    std::ranges::copy(hash, message.id.begin());
    message.views_left = static_cast<std::uint32_t>(row.integer(1));
    out.push_back(message);
  }
  return out;
}

Outcome MessageTraffic::removed(store::Transaction& transaction, std::string_view edge) {
  const auto rows =
      TRY(transaction.query("SELECT id FROM messages WHERE edge = $1 AND state IN ('queued', "
                            "'live', 'viewed') ORDER BY id",
                            edge));
  for (const auto& row : rows) {
    auto message = TRY(rows::locked(transaction, row.text(0)));
    TRY(finish(transaction, *message, State::lost, {}, context_.clock.now()));
  }
  return {};
}

Result<Bytes> MessageTraffic::settings(store::Transaction& transaction) {
  const auto values = TRY(settings_.current(transaction));
  return pushpull::encode(pushpull::SettingsPut{values.branding.name, values.branding.colour,
                                                values.branding.help, values.languages,
                                                values.branding.logo, values.branding.logo_type});
}

Result<int> MessageTraffic::sweep() {
  const auto now = context_.clock.now();
  return context_.store.write([&](store::Transaction& transaction) -> Result<int> {
    TRY(edges::sweep_bodies(transaction, now));
    TRY(sweep_uploads(transaction, now));
    const auto rows =
        TRY(transaction.query("SELECT id FROM messages WHERE state IN ('queued', 'live', 'viewed') "
                              "AND expires_at < $1 ORDER BY expires_at "
                              "LIMIT $2",
                              now - silence, sweep_at_once));
    int ended = 0;
    for (const auto& row : rows) {
      auto message = TRY(rows::locked(transaction, row.text(0)));
      TRY(finish(transaction, *message, State::expired, Reason::expired, message->expires_at));
      ++ended;
    }
    return ended;
  });
}

namespace {

std::string code_of(const mail::Settled& settled) {
  const bool invitation = settled.occasion == mail::Occasion::invite;
  switch (settled.fate) {
    case mail::Fate::sent:
      return invitation ? "mail.sent" : "notice.sent";
    case mail::Fate::delayed:
      return "mail.delayed";
    case mail::Fate::failed:
      break;
  }
  return "mail.failed";
}

Outcome note_mail(const Context& context, store::Transaction& transaction,
                  const mail::Settled& settled) {
  const auto message = TRY(rows::locked(transaction, settled.message));
  if (!message) return {};
  const bool over = settled.fate != mail::Fate::delayed;
  if (over && settled.occasion == mail::Occasion::invite)
    TRY(transaction.run(
        "UPDATE messages SET mail = $2 WHERE id = $1", message->id,
        name(settled.fate == mail::Fate::sent ? MailState::sent : MailState::failed)));
  std::optional<std::string> reason;
  if (!settled.reason.empty()) reason = settled.reason;
  return rows::note(transaction, message->id,
                    {context.clock.now(), code_of(settled), {}, {}, reason, {}});
}

}  // namespace

Outcome mail_settled(const Context& context, store::Transaction& transaction,
                     const mail::Settled& settled) {
  TRY(note_mail(context, transaction, settled));
  if (settled.fate == mail::Fate::delayed) return {};
  const bool sent = settled.fate == mail::Fate::sent;
  const bool about_message = !settled.message.empty();
  return context.audit.append(transaction,
                              {sent ? audit::Event::mail_sent : audit::Event::mail_failed,
                               sent ? audit::Ending::success : audit::Ending::failed,
                               audit::the_system(),
                               about_message ? audit::What{"message", settled.message, ""}
                                             : audit::What{},
                               "",
                               {{Detail::reason, std::string{mail::name(settled.occasion)}},
                                {Detail::to, settled.recipient}}});
}

}  // namespace sp::messages
