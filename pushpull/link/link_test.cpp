#include "pushpull/link/link.h"

#include <random>
#include <thread>

#include "base/random/random.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "pushpull/link/edge_fixture.h"
#include "pushpull/outbox/memory_outbox.h"

namespace sp::pushpull {
namespace {

using testing::Fate;
using State = MemoryOutbox::Message::State;

/// A core and an edge that know each other by a kit.
struct Site {
  OsRandom random;
  sp::testing::ManualClock clock;
  NewLink made =
      make_link(EdgeId::random(random), "selfdestruct", "selfdestruct", random, clock.now());
  MemoryOutbox outbox{made.keys.copy(), random};
  testing::Edge edge{clock, random, Pin::random(random)};
  testing::Fates push_fates, pull_fates;
  std::unique_ptr<Link> link;

  Site() {
    edge.enrol(made.kit);
    edge.start();
  }
  void connect() {
    LinkOptions options{.version = "0.1.0"};
    options.pull_wait = Duration{200};
    options.back_off_least = Duration{2};
    options.back_off_most = Duration{20};
    options.hello_every = Duration{1000};
    link = std::make_unique<Link>(options, std::make_unique<testing::LoopChannel>(edge, push_fates),
                                  std::make_unique<testing::LoopChannel>(edge, pull_fates), outbox,
                                  clock, random);
  }
  void disconnect() { link.reset(); }

  Bytes send() {
    const auto id = random.bytes<32>();
    outbox.add(kind::message_put, id, Bytes(64));
    if (link) link->wake();
    return bytes::copy(id);
  }
  State state(const Bytes& id) { return outbox.messages().at(id).state; }
  /// Waits for at most 60 seconds.
  bool comes(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
  }
  bool becomes(const Bytes& id, State wanted) {
    return comes([&] { return state(id) == wanted; });
  }
  bool turns(Light light) {
    return comes([&] { return link->health().light == light; });
  }
  /// A link that has enrolled, and one message that lives.
  Bytes begin() {
    connect();
    const auto id = send();
    REQUIRE(becomes(id, State::live));
    return id;
  }
};

}  // namespace

TEST_CASE("an edge is enrolled by its kit, and its light turns green", "[link]") {
  Site site;

  site.connect();

  CHECK(site.turns(Light::green));
  const auto health = site.link->health();
  CHECK(health.enrolled);
  CHECK(health.version == "1.2.3");
  CHECK(health.certificate_days_left == 90);
  CHECK(site.outbox.keys()->epoch == 1);
  CHECK(site.outbox.keys()->psk != site.made.keys.psk);
  CHECK(site.edge.answer({})->status == 404);  // the key is shown no more
}

TEST_CASE("a kit that expired enrols nobody", "[link]") {
  Site site;
  site.clock.advance(kit_life);

  site.connect();

  CHECK(site.turns(Light::red));
  CHECK(site.link->health().reason == "Its enrolment kit expired; make a new one.");
  CHECK(site.edge.answer({})->status == 404);
}

TEST_CASE("an edge with another kit is not enrolled", "[link]") {
  Site site;
  OsRandom random;
  auto other =
      make_link(site.made.kit.edge_id, "selfdestruct", "selfdestruct", random, site.clock.now());
  REQUIRE(site.outbox.save(other.keys).has_value());

  site.connect();

  CHECK(site.turns(Light::red));
  CHECK_FALSE(site.link->health().enrolled);
}

TEST_CASE("a message is pushed at once and its view comes back", "[link][promise-6]") {
  Site site;
  const auto id = site.begin();

  REQUIRE(site.edge.view(id));

  CHECK(site.becomes(id, State::ended));
  CHECK(site.outbox.events().size() == 1);
}

TEST_CASE("a refused item fails its message and those behind it live", "[link]") {
  Site site;
  const auto id = site.random.bytes<32>();
  site.outbox.add(kind::message_put, id, Bytes(1));

  site.begin();

  CHECK(site.state(bytes::copy(id)) == State::failed);
}

TEST_CASE("a refusal whose answer was lost is told again", "[link][promise-6]") {
  Site site;
  std::atomic<int> exchanges = 0;
  site.begin();
  site.disconnect();
  const auto id = site.random.bytes<32>();
  site.outbox.add(kind::message_put, id, Bytes(1));
  // The second exchange (hello goes first) carries the item.
  site.push_fates = [&] { return ++exchanges == 2 ? Fate::answer_lost : Fate::passes; };

  site.connect();

  CHECK(site.becomes(bytes::copy(id), State::failed));
  CHECK(exchanges > 2);
}

TEST_CASE("1,000 messages arrive once and come back once while everything fails at random",
          "[link][promise-6]") {
  Site site;
  std::mt19937 chance{2026};
  std::mutex chance_mutex;
  const auto fate = [&](int often) {
    return [&, often] {
      const std::lock_guard lock{chance_mutex};
      const auto drawn = chance() % 100;
      if (drawn >= static_cast<unsigned>(often)) return Fate::passes;
      return static_cast<Fate>(1 + drawn % 4);
    };
  };
  site.push_fates = fate(40);
  site.pull_fates = fate(40);
  site.connect();

  std::vector<Bytes> ids;
  for (int i = 0; i < 1000; ++i) {
    ids.push_back(site.send());
    if (i % 7 == 0) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    if (i % 250 == 249) {  // the core is killed, too
      site.disconnect();
      site.connect();
    }
  }
  const auto all = [&](State wanted) {
    return site.comes([&] {
      const auto messages = site.outbox.messages();
      return std::ranges::all_of(ids,
                                 [&](const Bytes& id) { return messages.at(id).state == wanted; });
    });
  };
  REQUIRE(all(State::live));
  CHECK(site.edge.number("SELECT max(puts) FROM shelf") == 1);
  CHECK(site.edge.number("SELECT count(*) FROM shelf") == 1000);

  for (const auto& id : ids) CHECK(site.comes([&] { return site.edge.view(id); }));
  REQUIRE(all(State::ended));
  site.disconnect();

  CHECK(site.outbox.events().size() == 1000);
  CHECK(site.outbox.resyncs() == 1);  // the first meeting, and no other
  for (const auto& [id, message] : site.outbox.messages()) CHECK(message.viewed == 1);
}

TEST_CASE("an edge that is away turns amber, then red, and green when it is back", "[link]") {
  Site site;
  site.begin();
  REQUIRE(site.turns(Light::green));

  site.edge.stop();
  const auto waiting = site.send();
  CHECK(site.turns(Light::amber));
  site.clock.advance(std::chrono::minutes{3});
  CHECK(site.turns(Light::red));
  CHECK(site.link->health().items_waiting == 1);
  CHECK(site.state(waiting) == State::queued);
  site.edge.start();

  CHECK(site.becomes(waiting, State::live));
  CHECK(site.turns(Light::green));
}

TEST_CASE("an edge restored from a backup serves nothing until the core has said what lives",
          "[link][promise-3][promise-7]") {
  Site site;
  const auto viewed = site.begin();
  const auto kept = site.send();
  REQUIRE(site.becomes(kept, State::live));
  site.disconnect();
  site.edge.stop();
  const testing::TemporaryFolder backup;
  site.edge.copy_database_to(backup.path());
  site.edge.start();
  site.connect();
  REQUIRE(site.edge.view(viewed));
  REQUIRE(site.becomes(viewed, State::ended));
  const auto later = site.send();
  REQUIRE(site.becomes(later, State::live));
  site.disconnect();
  site.edge.stop();

  site.edge.copy_database_from(backup.path());
  site.edge.start();

  CHECK_FALSE(site.edge.serving());
  CHECK_FALSE(site.edge.view(viewed));
  site.connect();
  CHECK(site.comes([&] { return site.edge.serving(); }));
  CHECK_FALSE(site.edge.view(viewed));      // never shown twice
  CHECK(site.edge.view(kept));              // still lives
  CHECK(site.becomes(later, State::lost));  // was not in the backup
  CHECK(site.becomes(kept, State::ended));
  CHECK(site.outbox.resyncs() == 2);
}

TEST_CASE("an edge restored with all its files is found by its numbers", "[link][promise-7]") {
  Site site;
  const auto viewed = site.begin();
  site.disconnect();
  site.edge.stop();
  const testing::TemporaryFolder backup;
  site.edge.copy_database_to(backup.path());
  site.edge.start();
  site.connect();
  REQUIRE(site.edge.view(viewed));
  REQUIRE(site.becomes(viewed, State::ended));
  site.disconnect();
  site.edge.stop();

  site.edge.copy_database_from(backup.path());
  std::filesystem::remove(site.edge.folder() / "link.count");
  site.edge.start();
  site.connect();

  CHECK(site.turns(Light::green));
  CHECK(site.outbox.resyncs() == 2);
  CHECK_FALSE(site.edge.view(viewed));
  CHECK(site.edge.number("SELECT count(*) FROM shelf") == 0);
}

TEST_CASE("what may have been viewed in an edge's lost life is not pushed again",
          "[link][promise-3][promise-7]") {
  Site site;
  site.begin();
  site.disconnect();
  site.edge.stop();
  const testing::TemporaryFolder backup;
  site.edge.copy_database_to(backup.path());
  site.edge.start();
  // The item is applied, the answer is lost, the message viewed, and the core knows of nothing.
  std::atomic<int> exchanges = 0;
  site.push_fates = [&] {
    const auto number = ++exchanges;
    if (number == 1) return Fate::passes;
    return number == 2 ? Fate::answer_lost : Fate::request_lost;
  };
  site.pull_fates = [] { return Fate::request_lost; };
  const auto id = site.random.bytes<32>();
  site.outbox.add(kind::message_put, id, Bytes(64));
  site.connect();
  REQUIRE(site.comes([&] { return exchanges > 2; }));
  REQUIRE(site.edge.view(id));
  site.disconnect();
  site.edge.stop();
  site.edge.copy_database_from(backup.path());
  site.edge.start();
  site.push_fates = {};
  site.pull_fates = {};

  site.connect();

  CHECK(site.becomes(bytes::copy(id), State::lost));
  CHECK_FALSE(site.edge.view(id));
}

TEST_CASE("a core restored from a backup revokes what it no longer knows",
          "[link][promise-3][promise-7]") {
  Site site;
  const auto before = site.begin();
  const auto viewed = site.send();
  REQUIRE(site.becomes(viewed, State::live));
  site.disconnect();
  const auto backup = site.outbox.backup();
  site.connect();
  const auto forgotten = site.send();
  REQUIRE(site.becomes(forgotten, State::live));
  REQUIRE(site.edge.view(viewed));
  REQUIRE(site.becomes(viewed, State::ended));
  site.disconnect();

  site.outbox.restore(backup);
  site.connect();

  CHECK(
      site.becomes(viewed, State::lost));  // its view is not known any more, it is not shown again
  CHECK_FALSE(site.edge.view(forgotten));
  CHECK(site.edge.view(before));
  CHECK(site.becomes(before, State::ended));
  const auto fresh = site.send();
  CHECK(site.becomes(fresh, State::live));
}

TEST_CASE("a core restored from before an item was sent does not send it again",
          "[link][promise-3][promise-7]") {
  Site site;
  site.begin();
  site.disconnect();
  const auto id = site.send();
  const auto backup = site.outbox.backup();
  site.connect();
  REQUIRE(site.becomes(id, State::live));
  REQUIRE(site.edge.view(id));
  REQUIRE(site.becomes(id, State::ended));
  site.disconnect();

  site.outbox.restore(backup);
  site.connect();

  CHECK(site.becomes(id, State::lost));
  CHECK_FALSE(site.edge.view(id));
}

TEST_CASE("an edge lost for ever is enrolled anew and its messages are lost", "[link][promise-7]") {
  Site site;
  const auto id = site.begin();
  const auto viewed = site.send();
  REQUIRE(site.becomes(viewed, State::live));
  REQUIRE(site.edge.view(viewed));
  REQUIRE(site.becomes(viewed, State::ended));
  site.disconnect();
  testing::Edge another{site.clock, site.random, Pin::random(site.random)};
  const auto again = make_link(site.made.kit.edge_id, "selfdestruct", "selfdestruct", site.random,
                               site.clock.now());
  another.enrol(again.kit);
  another.start();
  REQUIRE(site.outbox.save(again.keys).has_value());

  Link link{LinkOptions{.version = "0.1.0", .pull_wait = Duration{200}},
            std::make_unique<testing::LoopChannel>(another, nullptr),
            std::make_unique<testing::LoopChannel>(another, nullptr),
            site.outbox,
            site.clock,
            site.random};

  CHECK(site.becomes(id, State::lost));
  CHECK(site.state(viewed) == State::ended);
  link.stop();
}

TEST_CASE("keys are changed without losing an item", "[link][promise-6]") {
  Site site;
  site.begin();
  const auto old_keys = site.outbox.keys().value();
  site.outbox.add(kind::key_rotate, {}, empty_body());

  site.link->rotate();

  CHECK(site.comes([&] { return site.outbox.keys()->epoch == 2; }));
  const auto keys = site.outbox.keys().value();
  CHECK(keys.psk != old_keys.psk);
  CHECK(keys.edge_key != old_keys.edge_key);
  CHECK_FALSE(keys.pending.has_value());
  const auto id = site.send();
  CHECK(site.becomes(id, State::live));
  CHECK(site.edge.view(id));
  CHECK(site.becomes(id, State::ended));
}

TEST_CASE("a rekey goes on after each exchange of it was lost", "[link][promise-6]") {
  for (const auto fate :
       {Fate::request_lost, Fate::answer_lost, Fate::crash_before, Fate::crash_after}) {
    for (int at = 1; at <= 3; ++at) {
      Site site;
      site.begin();
      site.disconnect();
      std::atomic<int> exchanges = 0;
      site.push_fates = [&] { return ++exchanges == at + 1 ? fate : Fate::passes; };
      site.connect();
      site.outbox.add(kind::key_rotate, {}, empty_body());
      site.link->rotate();

      CHECK(site.comes([&] { return site.outbox.keys()->epoch == 2; }));
      const auto id = site.send();
      CHECK(site.becomes(id, State::live));
    }
  }
}

TEST_CASE("an enrolment goes on after each exchange of it was lost", "[link][promise-6]") {
  for (const auto fate :
       {Fate::request_lost, Fate::answer_lost, Fate::crash_before, Fate::crash_after}) {
    for (int at = 1; at <= 5; ++at) {
      Site site;
      std::atomic<int> exchanges = 0;
      site.push_fates = [&] { return ++exchanges == at ? fate : Fate::passes; };

      site.begin();

      CHECK(site.outbox.keys()->epoch == 1);
    }
  }
}

TEST_CASE("a link that waits for events stops at once", "[link]") {
  Site site;
  site.begin();
  const auto before = std::chrono::steady_clock::now();

  site.link->stop();

  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{2});
}

TEST_CASE("an edge whose TLS key changed is not talked to", "[link]") {
  Site site;
  site.begin();
  site.disconnect();
  auto keys = site.outbox.keys().value();
  keys.pin = Pin::random(site.random);
  REQUIRE(site.outbox.save(keys).has_value());

  site.connect();

  CHECK(site.turns(Light::red));
}

}  // namespace sp::pushpull
