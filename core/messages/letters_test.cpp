// Invitations and notices: when they go, what they hold, what stays of them.
#include <algorithm>
#include <fstream>

#include "core/messages/testing/bench.h"

namespace sp::messages {

using namespace testing;
using namespace std::chrono_literals;

namespace {

TimelineEntry last_entry(Bench& bench, const Sent& sent) {
  return timeline(bench.fresh.store(), bench.permit(access::Action::messages_read), sent.message.id)
      ->back();
}

}  // namespace

TEST_CASE("the invitation waits until the message is live, and its link is gone once it is out",
          "[messages][mail]") {
  Bench bench{each_engine()};
  bench.configure_mail();
  auto wanted = plain("x");
  wanted.to = "guest@example.test";
  wanted.language = "de";

  const auto sent = bench.send(std::move(wanted));
  CHECK(bench.send_mails() == 0);
  bench.deliver();
  CHECK(bench.send_mails() == 1);

  REQUIRE(bench.transport.mails.size() == 1);
  CHECK(bench.transport.mails[0].first == "guest@example.test");
  CHECK(bench.transport.mails[0].second.find("Nachricht") != std::string::npos);
  CHECK(bench.message(sent).mail == MailState::sent);
  CHECK(bench.count("SELECT COUNT(*) FROM mails WHERE body IS NOT NULL") == 0);
  CHECK(bench.send_mails() == 0);
}

TEST_CASE("a mail that the server does not take now is tried again later", "[messages][mail]") {
  Bench bench{each_engine()};
  bench.configure_mail();
  auto wanted = plain("x");
  wanted.to = "guest@example.test";
  const auto sent = bench.send(std::move(wanted));
  bench.deliver();

  bench.transport.answer = Code::unavailable;
  CHECK(bench.send_mails() == 1);
  CHECK(bench.send_mails() == 0);
  CHECK(bench.message(sent).mail == MailState::queued);
  CHECK(last_entry(bench, sent).code == "mail.delayed");
  CHECK(last_entry(bench, sent).reason == "as the test wants");
  bench.transport.answer = Code::internal;
  bench.clock.advance(1min);
  CHECK(bench.send_mails() == 1);

  CHECK(bench.message(sent).mail == MailState::sent);
}

TEST_CASE("a mail that the server refuses has failed, and its link is gone", "[messages][mail]") {
  Bench bench{each_engine()};
  bench.configure_mail();
  auto wanted = plain("x");
  wanted.to = "guest@example.test";
  const auto sent = bench.send(std::move(wanted));
  bench.deliver();
  bench.transport.answer = Code::forbidden;

  CHECK(bench.send_mails() == 1);

  CHECK(bench.message(sent).mail == MailState::failed);
  CHECK(bench.count("SELECT COUNT(*) FROM mails WHERE body IS NOT NULL") == 0);
}

TEST_CASE("the sender is told of views, wrong passphrases and an end unread", "[messages][mail]") {
  Bench bench{each_engine()};
  bench.configure_mail();
  const auto seen = bench.send(plain("seen"));
  auto guarded = plain("guarded");
  guarded.passphrase = secret("p");
  const auto unread = bench.send(std::move(guarded));
  bench.deliver();

  bench.report({bench.event(pushpull::kind::message_viewed, seen,
                            pushpull::encode(pushpull::MessageViewed{1, 0, "192.0.2.0/24"})),
                bench.event(pushpull::kind::message_destroyed, seen,
                            pushpull::encode(pushpull::MessageDestroyed{"views"})),
                bench.event(pushpull::kind::message_refused, unread,
                            pushpull::encode(pushpull::MessageRefused{4, "198.51.100.0/24"})),
                bench.event(pushpull::kind::message_destroyed, unread,
                            pushpull::encode(pushpull::MessageDestroyed{"passphrase"}))});
  CHECK(bench.send_mails() == 3);

  CHECK(std::ranges::all_of(bench.transport.mails,
                            [](const auto& mail) { return mail.first == "ada@example.test"; }));
  CHECK(bench.message(unread).attempts_left == 4);
  CHECK(std::ranges::count(bench.codes(unread), "notice.sent") == 2);
}

TEST_CASE("neither link, text nor passphrase stands in the database", "[messages][mail]") {
  Bench bench{store::Engine::sqlite};
  bench.configure_mail();
  auto wanted = plain("canary-text-51c0");
  wanted.passphrase = secret("canary-passphrase-77");
  wanted.to = "guest@example.test";
  const auto sent = bench.send(std::move(wanted));
  const auto url = text(sent.url);
  const auto fragment = url.substr(url.find('#') + 1);

  for (const auto* name : {"/core.sqlite", "/core.sqlite-wal"}) {
    std::ifstream file{bench.fresh.folder() + name, std::ios::binary};
    const std::string all{std::istreambuf_iterator<char>{file}, {}};
    CHECK(all.find("canary-text-51c0") == std::string::npos);
    CHECK(all.find("canary-passphrase-77") == std::string::npos);
    CHECK(all.find(fragment) == std::string::npos);
    CHECK(all.find(text(parse_link(url)->secret.value)) == std::string::npos);
  }
}

}  // namespace sp::messages
