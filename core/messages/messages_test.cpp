// Messages from sending to their end, on both engines, with an edge played by the test.
#include <algorithm>

#include "core/messages/testing/bench.h"

namespace sp::messages {

using namespace testing;
using namespace std::chrono_literals;

TEST_CASE("a message waits for its edge and opens with its link", "[messages]") {
  Bench bench{each_engine()};

  const auto sent = bench.send(plain("the code is 4711"));

  CHECK(bench.message(sent).state == State::queued);
  CHECK(bench.woken == std::vector{bench.edge.id});
  const auto items = bench.items();
  REQUIRE(items.size() == 1);
  CHECK(items[0].kind == pushpull::kind::message_put);
  const auto put = *pushpull::decode_message_put(items[0].body);
  CHECK(put.views == 1);
  CHECK_FALSE(put.pass);
  CHECK(put.sender == "Ada");
  CHECK(put.expires_at == bench.clock.now() + 24h);
  CHECK(opened(sent, put.data) == "the code is 4711");
  const auto link = *parse_link(text(sent.url));
  CHECK(put.link == openssl::sha256(derive_keys(link.id, link.secret, {}).link_proof));
}

TEST_CASE("a passphrase guards the content and its proof is what the edge compares", "[messages]") {
  Bench bench{each_engine()};
  auto wanted = plain("guarded");
  wanted.passphrase = secret("geheim\xc3\xbc");

  const auto sent = bench.send(std::move(wanted));

  const auto put = *pushpull::decode_message_put(bench.items().at(0).body);
  REQUIRE(put.salt);
  const auto pass =
      *bench.stretcher.stretch(secret("geheimu\xcc\x88"), *put.salt, {put.memory_kib, put.passes});
  CHECK(opened(sent, put.data, pass) == "guarded");
  CHECK(opened(sent, put.data) != "guarded");
  CHECK(bench.message(sent).attempts_left == 5);
}

TEST_CASE("a large file goes out in chunks, and its upload is gone then", "[messages]") {
  Bench bench{each_engine()};
  const std::string big(3'500'000, 'x');
  auto uploading = *Uploading::begin(bench.context(), bench.permit(access::Action::messages_write),
                                     "big.bin", "");
  REQUIRE(uploading.take(bytes::of(big)));
  auto wanted = plain("see the file: ");
  wanted.uploads.push_back(uploading.finish()->id);

  const auto sent = bench.send(std::move(wanted));

  Bytes sealed;
  const auto items = bench.items();
  for (const auto& item : items)
    if (item.kind == pushpull::kind::message_chunk)
      bytes::append(sealed, pushpull::decode_message_chunk(item.body)->data);
  const auto put = *pushpull::decode_message_put(items.back().body);
  CHECK(put.chunks == items.size() - 1);
  CHECK(put.size == sealed.size());
  CHECK(opened(sent, sealed) == "see the file: " + big);
  CHECK(bench.count("SELECT COUNT(*) FROM uploads") == 0);
  CHECK(bench.count("SELECT COUNT(*) FROM upload_parts") == 0);
  bench.deliver();
  CHECK(bench.message(sent).state == State::live);
  CHECK(bench.count("SELECT COUNT(*) FROM item_bodies") == 0);
}

TEST_CASE("what an edge refuses has failed", "[messages]") {
  Bench bench{each_engine()};
  const auto first = bench.send(plain("one"));
  const auto second = bench.send(plain("two"));

  bench.deliver({{2, "invalid_input"}});

  CHECK(bench.message(first).state == State::live);
  CHECK(bench.message(second).state == State::failed);
}

TEST_CASE("every event counts exactly once", "[messages][promise-6]") {
  Bench bench{each_engine()};
  auto wanted = plain("twice");
  wanted.views = 2;
  const auto sent = bench.send(std::move(wanted));
  bench.deliver();
  const auto first = bench.event(pushpull::kind::message_viewed, sent,
                                 pushpull::encode(pushpull::MessageViewed{1, 1, "192.0.2.0/24"}));
  const auto second = bench.event(pushpull::kind::message_viewed, sent,
                                  pushpull::encode(pushpull::MessageViewed{2, 0, "192.0.2.0/24"}));
  const auto end = bench.event(pushpull::kind::message_destroyed, sent,
                               pushpull::encode(pushpull::MessageDestroyed{"views"}));

  bench.report({first});
  CHECK(bench.message(sent).state == State::viewed);
  bench.report({first, second});
  bench.report({first, second, end});
  bench.report({end});

  const auto message = bench.message(sent);
  CHECK(message.state == State::destroyed);
  CHECK(message.reason == Reason::views);
  CHECK(message.views_left == 0);
  CHECK(bench.codes(sent) == std::vector<std::string>{"message.created", "message.live",
                                                      "message.viewed", "message.viewed",
                                                      "message.destroyed"});
  CHECK(bench.outbox->numbers()->last_event == 3);
}

TEST_CASE("events that make no sense are passed over and the cursor moves on", "[messages]") {
  Bench bench{each_engine()};
  const auto sent = bench.send(plain("x"));
  bench.deliver();

  bench.report({bench.event("message.invented", sent, {}),
                bench.event(pushpull::kind::message_viewed, sent, bytes::copy(bytes::of("junk"))),
                {++bench.last_event,
                 std::string{pushpull::kind::message_lost},
                 Bytes(32),
                 bench.clock.now(),
                 {}}});

  CHECK(bench.message(sent).state == State::live);
  CHECK(bench.outbox->numbers()->last_event == 3);
}

TEST_CASE("an edge cannot speak for another edge's message", "[messages]") {
  Bench bench{each_engine()};
  const auto sent = bench.send(plain("x"));
  bench.deliver();
  const auto other = edges::add(bench.edges_context(), bench.permit(access::Action::edges_write),
                                {"other", "selfdestruct", "https://o.test", "https://127.0.0.1:2"})
                         ->edge;
  edges::EdgeOutbox foreign{bench.edges_context(), *bench.traffic, other.id};

  REQUIRE(foreign.store_events(
      std::vector{bench.event(pushpull::kind::message_destroyed, sent,
                              pushpull::encode(pushpull::MessageDestroyed{"views"}))},
      1));

  CHECK(bench.message(sent).state == State::live);
}

TEST_CASE("a sender ends a message at once, and it stays ended", "[messages][promise-7]") {
  Bench bench{each_engine()};
  const auto sent = bench.send(plain("x"));
  bench.deliver();
  const Sender::Wake wake = [](const std::string&) {};

  const auto ended =
      destroy(bench.context(), bench.permit(access::Action::messages_write), sent.message.id, wake);
  bench.report({bench.event(pushpull::kind::message_viewed, sent,
                            pushpull::encode(pushpull::MessageViewed{1, 0, "192.0.2.0/24"}))});

  REQUIRE(ended.has_value());
  CHECK(ended->state == State::revoked);
  CHECK(bench.message(sent).state == State::revoked);
  CHECK(bench.items().at(0).kind == pushpull::kind::message_revoke);
  CHECK(bench.outbox->live()->empty());
  CHECK(std::ranges::count(bench.codes(sent), "message.viewed") == 1);
}

TEST_CASE("a message whose edge is silent expires here", "[messages]") {
  Bench bench{each_engine()};
  const auto sent = bench.send(plain("x"));
  bench.deliver();

  bench.clock.advance(24h + 1min);
  CHECK(*bench.traffic->sweep() == 0);
  bench.clock.advance(2min);
  CHECK(*bench.traffic->sweep() == 1);

  CHECK(bench.message(sent).state == State::expired);
  CHECK(*bench.traffic->sweep() == 0);
}

TEST_CASE("a removed edge takes its messages with it", "[messages]") {
  Bench bench{each_engine()};
  const auto sent = bench.send(plain("x"));
  bench.deliver();

  REQUIRE(edges::remove(bench.edges_context(), bench.permit(access::Action::edges_write),
                        *bench.traffic, bench.edge.id));

  CHECK(bench.message(sent).state == State::lost);
  CHECK(edges::list(bench.fresh.store())->empty());
  CHECK_FALSE(bench.outbox->numbers());
}

TEST_CASE("what cannot be sent is named, member by member", "[messages]") {
  Bench bench{each_engine()};
  NewMessage wanted;
  wanted.life = 24h * 400;
  wanted.views = 0;
  wanted.grace = 11min;
  wanted.to = "two@example.test, three@example.test";
  wanted.subject = "a\r\nBcc: x@example.test";
  wanted.mail_body = secret("no link in it");
  wanted.uploads = {"unknown"};
  wanted.site = "nowhere";
  wanted.language = "xx";

  const auto plan =
      *bench.sender->plan(bench.permit(access::Action::messages_write), std::move(wanted));

  std::vector<std::string> fields;
  for (const auto& problem : plan.problems) fields.push_back(problem.field);
  CHECK(fields == std::vector<std::string>{"expires_in", "views", "grace", "to", "subject",
                                           "language", "mail_body", "files[0]", "site", "text"});
}

TEST_CASE("the list is filtered, searched and paged", "[messages]") {
  Bench bench{each_engine()};
  for (int i = 0; i < 5; ++i) {
    auto wanted = plain("x");
    wanted.subject = i % 2 == 0 ? "Even 100%" : "Odd_one";
    bench.send(std::move(wanted));
    bench.clock.advance(1ms);
  }
  const auto permit = bench.permit(access::Action::messages_read);
  const auto all = [&](Filter filter, std::string_view after, int limit) {
    return *list(bench.fresh.store(), permit, filter, after, limit);
  };

  const auto first = all({}, "", 3);
  const auto second = all({}, key_of(first.back()), 3);

  CHECK(first.size() == 3);
  CHECK(second.size() == 2);
  CHECK(first.back().created_at > second.front().created_at);
  CHECK(all({{}, "EVEN", ""}, "", 50).size() == 3);
  CHECK(all({{}, "100%", ""}, "", 50).size() == 3);
  CHECK(all({{}, "d_o", ""}, "", 50).size() == 2);
  CHECK(all({{State::queued}, "", bench.actor.person}, "", 50).size() == 5);
  CHECK(all({{State::live, State::lost}, "", ""}, "", 50).empty());
  CHECK(all({{}, "", "somebody else"}, "", 50).empty());
  CHECK_FALSE(list(bench.fresh.store(), permit, {}, "nonsense", 3));
}

}  // namespace sp::messages
