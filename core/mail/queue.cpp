#include "core/mail/queue.h"

#include <algorithm>
#include <utility>

#include "base/log/log.h"

namespace sp::mail {
namespace {

using namespace std::chrono_literals;
constexpr Duration claim = 5min;  // longer than a delivery can take

struct Due {
  std::string id;
  Settled about;
  std::string sender;
  Bytes body;
  std::int64_t tries = 0;
  Instant give_up_at{};
};

// Takes one due letter and moves its next try, so that no other core takes it meanwhile.
Result<std::optional<Due>> take(const Context& context) {
  return context.store.write([&](store::Transaction& transaction) -> Result<std::optional<Due>> {
    const auto now = context.clock.now();
    const auto row = TRY(transaction.one(
        "UPDATE mails SET next_at = $2, tries = tries + 1 WHERE state = 'queued' AND id = "
        "(SELECT id FROM mails WHERE state = 'queued' AND next_at <= $1 ORDER BY next_at LIMIT 1) "
        "AND next_at <= $1 RETURNING id, occasion, message, sender, recipient, body, tries, "
        "give_up_at",
        now, now + claim));
    if (!row) return std::optional<Due>{};
    const auto occasion = TRY(occasion_named(row->text(1)));
    return std::optional{Due{row->text(0),
                             {occasion, row->text(2), Fate::failed, row->text(4), {}},
                             row->text(3),
                             row->bytes(5),
                             row->integer(6),
                             row->time(7)}};
  });
}

Outcome settle(const Context& context, Due& due, Fate fate, const OnSettled& on_settled) {
  due.about.fate = fate;
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(transaction.run("UPDATE mails SET state = $2, body = NULL, settled_at = $3 WHERE id = $1",
                        due.id, fate == Fate::sent ? "sent" : "failed", context.clock.now()));
    return on_settled(transaction, due.about);
  });
}

Outcome put_off(const Context& context, Due& due, const OnSettled& on_settled) {
  due.about.fate = Fate::delayed;
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(transaction.run("UPDATE mails SET next_at = $2 WHERE id = $1 AND state = 'queued'", due.id,
                        context.clock.now() + back_off(due.tries)));
    if (due.tries > 1) return {};
    return on_settled(transaction, due.about);
  });
}

Outcome try_once(const Context& context, Transport& transport, const SmtpServer& server, Due& due,
                 const OnSettled& on_settled) {
  const auto now = context.clock.now();
  due.about.reason = "Its time was over before it could be sent.";
  if (now > due.give_up_at) return settle(context, due, Fate::failed, on_settled);
  const auto mail = TRY(context.keyring.open({"mails", due.id, "body"}, due.body));
  const auto delivered = transport.deliver(server, due.sender, due.about.recipient, mail);
  due.about.reason = delivered ? std::string{} : delivered.error().detail();
  if (delivered) return settle(context, due, Fate::sent, on_settled);

  log::warning("mail_not_delivered", {{"code", sp::name(delivered.error().code())},
                                      {"detail", delivered.error().detail()},
                                      {"tries", due.tries}});
  if (delivered.error().code() == Code::forbidden || now + back_off(due.tries) > due.give_up_at)
    return settle(context, due, Fate::failed, on_settled);
  return put_off(context, due, on_settled);
}

}  // namespace

std::string_view name(Occasion occasion) {
  switch (occasion) {
    case Occasion::invite:
      return "invite";
    case Occasion::viewed:
      return "viewed";
    case Occasion::destroyed_unread:
      return "destroyed_unread";
    case Occasion::wrong_passphrase:
      return "wrong_passphrase";
    case Occasion::certificate:
      return "certificate";
  }
  return "";
}

Result<Occasion> occasion_named(std::string_view text) {
  for (const auto occasion : {Occasion::invite, Occasion::viewed, Occasion::destroyed_unread,
                              Occasion::wrong_passphrase, Occasion::certificate})
    if (text == name(occasion)) return occasion;
  return Error{Code::corrupt, "mail: occasion"};
}

Outcome enqueue(const Context& context, store::Transaction& transaction, const Letter& letter) {
  const auto id = bytes::base64url(context.random.bytes<16>());
  const auto unique = bytes::hex(context.random.bytes<16>());
  const auto now = context.clock.now();
  const auto whole = TRY(mime(letter.mail, unique, now));
  const auto sealed = context.keyring.seal({"mails", id, "body"}, whole.expose());
  TRY(transaction.run(
      "INSERT INTO mails (id, occasion, message, sender, recipient, body, state, tries, next_at, "
      "give_up_at, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $8)",
      id, name(letter.occasion), letter.message, letter.mail.from.address, letter.mail.to.address,
      sealed, letter.start == Start::at_once ? "queued" : "held", now, letter.give_up_at));
  return {};
}

Outcome release(const Context& context, store::Transaction& transaction, std::string_view message) {
  TRY(transaction.run(
      "UPDATE mails SET state = 'queued', next_at = $2 WHERE message = $1 AND state = 'held'",
      message, context.clock.now()));
  TRY(transaction.run(
      "UPDATE mails SET state = 'aside' WHERE message = $1 AND state = 'aside_held'", message));
  return {};
}

Result<bool> withdraw(store::Transaction& transaction, std::string_view message) {
  const auto count =
      TRY(transaction.run("DELETE FROM mails WHERE message = $1 AND occasion = 'invite' AND state "
                          "IN ('held', 'queued', 'aside', 'aside_held')",
                          message));
  return count > 0;
}

Duration back_off(std::int64_t tries) {
  const auto doublings = std::clamp<std::int64_t>(tries - 1, 0, 6);
  return std::min<Duration>(Duration{1min} * (std::int64_t{1} << doublings), 1h);
}

Result<int> Mailer::round(const Context& context, Transport& transport,
                          const CurrentServer& current, const OnSettled& on_settled) {
  const auto server = TRY(current());
  if (!server) return 0;
  int tried = 0;
  while (true) {
    auto due = TRY(take(context));
    if (!due) return tried;
    TRY(try_once(context, transport, *server, *due, on_settled));
    ++tried;
  }
}

Mailer::Mailer(const Context& context, Transport& transport, CurrentServer server,
               OnSettled on_settled)
    : context_(context),
      transport_(transport),
      server_(std::move(server)),
      on_settled_(std::move(on_settled)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Mailer::~Mailer() {
  stop();
}

void Mailer::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Mailer::wake() {
  {
    const std::lock_guard lock{mutex_};
    due_ = true;
  }
  changed_.notify_all();
}

void Mailer::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto tried = round(context_, transport_, server_, on_settled_);
    if (!tried) log::error("mail_queue", tried.error());
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stop, 15s, [this] { return std::exchange(due_, false); });
  }
}

}  // namespace sp::mail
