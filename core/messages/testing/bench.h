#pragma once
// A core with one edge, which the test plays, for the tests of messages.
#include <algorithm>
#include <fstream>

#include "base/testing/catch.h"
#include "core/audit/testing/audited_store.h"
#include "core/messages/format/content_reader.h"
#include "core/messages/send.h"
#include "core/messages/traffic.h"

namespace sp::messages::testing {

using namespace std::chrono_literals;

inline Secret secret(std::string_view text) {
  return Secret::copy_of(bytes::of(text));
}
inline std::string text(const Secret& value) {
  return std::string{bytes::text(value.expose())};
}

// Takes every mail, or none.
class FakeTransport final : public mail::Transport {
 public:
  Outcome deliver(const mail::SmtpServer&, const std::string&, const std::string& to,
                  const Secret& mail) override {
    if (answer != Code::internal) return Error{answer, "as the test wants"};
    mails.emplace_back(to, text(mail));
    return {};
  }
  Code answer = Code::internal;  // none: delivered
  std::vector<std::pair<std::string, std::string>> mails;
};

struct Bench : audit::testing::AuditedStore {
  explicit Bench(store::Engine engine) : AuditedStore(engine) {
    settings = std::make_unique<settings::Settings>(fresh.store(), *keyring, *audit, clock);
    people =
        std::make_unique<people::People>(fresh.store(), *audit, *keyring, hasher, random, clock);
    const auto first =
        *people->create_first({"ada", "Ada", "ada@example.test", access::Role::administrator});
    actor.kind = access::Actor::Kind::person;
    actor.person = first.person.id;
    actor.login = "ada";
    actor.name = "Ada";
    actor.role = access::Role::administrator;
    traffic = std::make_unique<MessageTraffic>(context(), *settings, "https://core.test", [] {});
    sender = std::make_unique<Sender>(context(), *settings, *people, stretcher, "https://core.test",
                                      [this](const std::string& id) { woken.push_back(id); });
    edge = edges::add(edges_context(), permit(access::Action::edges_write),
                      {"dmz", "selfdestruct", "https://portal.test", "https://127.0.0.1:1"})
               ->edge;
    outbox = std::make_unique<edges::EdgeOutbox>(edges_context(), *traffic, edge.id);
  }

  Context context() { return {fresh.store(), *keyring, *audit, clock, random}; }
  edges::Context edges_context() { return {fresh.store(), *keyring, *audit, clock, random}; }
  mail::Context mail_context() { return {fresh.store(), *keyring, clock, random}; }
  access::Permit permit(access::Action action) {
    return *access::authorise(actor, action, {"message", "", actor.person});
  }
  void configure_mail() {
    auto values = *settings->current();
    values.mail.host = "127.0.0.1";
    values.mail.security = settings::MailSecurity::none;
    values.mail.from = "core@example.test";
    REQUIRE(settings->replace(permit(access::Action::settings_write), values, {}));
  }
  Sent send(NewMessage wanted) {
    auto plan = *sender->plan(permit(access::Action::messages_write), std::move(wanted));
    for (const auto& problem : plan.problems)
      UNSCOPED_INFO(problem.field << ": " << problem.detail);
    REQUIRE(plan.problems.empty());
    return *sender->send(permit(access::Action::messages_write), std::move(plan));
  }
  std::vector<pushpull::Item> items() {
    return *outbox->next(outbox->numbers()->applied, 1024, 8U << 20U);
  }
  // The edge takes all that waits.
  void deliver(std::vector<pushpull::Refused> refused = {}) {
    const auto queued = outbox->numbers()->queued;
    REQUIRE(outbox->sending(queued));
    REQUIRE(outbox->acknowledged(queued, refused));
  }
  pushpull::Event event(std::string_view kind, const Sent& sent, Bytes body) {
    const auto digest = MessageId::parse(sent.message.id)->digest();
    return {++last_event, std::string{kind}, bytes::copy(digest), clock.now(), std::move(body)};
  }
  void report(const std::vector<pushpull::Event>& events) {
    REQUIRE(outbox->store_events(events, events.back().seq));
  }
  Message message(const Sent& sent) { return *find(fresh.store(), sent.message.id); }
  std::vector<std::string> codes(const Sent& sent) {
    std::vector<std::string> out;
    const auto entries =
        timeline(fresh.store(), permit(access::Action::messages_read), sent.message.id);
    for (const auto& entry : *entries) out.push_back(entry.code);
    return out;
  }
  int send_mails() {
    return *mail::Mailer::round(
        mail_context(), transport,
        [] { return Result<std::optional<mail::SmtpServer>>{mail::SmtpServer{}}; },
        [this](store::Transaction& transaction, const mail::Settled& settled) {
          return mail_settled(context(), transaction, settled);
        });
  }
  std::int64_t count(const std::string& sql) {
    return *fresh.store().read([&](store::Transaction& transaction) -> Result<std::int64_t> {
      const auto row = TRY(transaction.one(sql));
      return row->integer(0);
    });
  }

  people::Hasher hasher{{.memory_kib = 64, .passes = 1}, random};
  Stretcher stretcher;
  FakeTransport transport;
  access::Actor actor;
  std::unique_ptr<settings::Settings> settings;
  std::unique_ptr<people::People> people;
  std::unique_ptr<MessageTraffic> traffic;
  std::unique_ptr<Sender> sender;
  edges::Edge edge;
  std::unique_ptr<edges::EdgeOutbox> outbox;
  std::vector<std::string> woken;
  std::uint64_t last_event = 0;
};

inline NewMessage plain(std::string_view what) {
  NewMessage out;
  out.text = secret(what);
  return out;
}

// What the recipient reads, from the link and what the edge was given.
inline std::string opened(const Sent& sent, BytesView sealed,
                          const StretchedPassphrase& pass = {}) {
  const auto link = *parse_link(text(sent.url));
  const auto keys = derive_keys(link.id, link.secret, pass);
  std::string out;
  const auto source = [sealed](std::span<std::byte> into) mutable -> Result<std::size_t> {
    const auto count = std::min(into.size(), sealed.size());
    std::ranges::copy(sealed.first(count), into.begin());
    sealed = sealed.subspan(count);
    return count;
  };
  const auto read = open_content(
      keys.content, link.id, source,
      [&](const Content& content) -> Outcome {
        out += text(content.text);
        return {};
      },
      [&](std::size_t, BytesView data) -> Outcome {
        out += bytes::text(data);
        return {};
      });
  return read ? out : read.error().detail();
}

inline auto each_engine() {
  return GENERATE(from_range(store::testing::engines()));
}

}  // namespace sp::messages::testing
