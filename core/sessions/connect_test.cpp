// From a place to go to a session, on both engines, with a gateway played by the test.
#include <algorithm>

#include "core/sessions/testing/bench.h"

namespace sp::sessions {

using namespace testing;

TEST_CASE("a session is asked for, and its ticket waits at the gateway", "[sessions]") {
  Bench bench{each_engine()};

  const auto connected = bench.connected();

  REQUIRE(bench.pushed.size() == 1);
  CHECK(bench.pushed[0].kind == pushpull::kind::ticket_put);
  const auto put = *pushpull::decode_ticket_put(bench.pushed[0].body);
  CHECK(put.host == "10.1.2.3");
  CHECK(put.port == 22);
  CHECK(put.title == "root@db-1");
  CHECK(put.user == "Ada");
  CHECK(put.life == ticket_life);
  CHECK(put.record);
  CHECK(put.recording_key != pushpull::Hash{});
  CHECK(bytes::base64url(put.session) == connected.session.id);
  CHECK(bench.woken == std::vector{bench.gateway.id});
  CHECK(bench.session(connected.session.id).state == State::waiting);
  CHECK(bench.session(connected.session.id).reason == "a broken index");
  CHECK(bench.trail_has("host_session.asked"));
}

TEST_CASE("the address opens the credential, and nothing at the core does",
          "[sessions][promise-2]") {
  Bench bench{each_engine()};

  const auto connected = bench.connected();

  const auto url = text(connected.url);
  REQUIRE(url.starts_with("https://gate.test/s#"));
  const auto fragment = url.substr(url.find('#') + 1);
  const auto id_text = fragment.substr(0, fragment.find('.'));
  const auto secret = *bytes::from_base64url(fragment.substr(fragment.find('.') + 1));
  pushpull::TicketId id{};
  std::ranges::copy(*bytes::from_base64url(id_text), id.begin());
  const auto keys = pushpull::ticket_keys(id, Secret::copy_of(secret));
  const auto put = *pushpull::decode_ticket_put(bench.pushed[0].body);
  CHECK(put.open == keys.open);
  CHECK(bench.pushed[0].id == bytes::copy(pushpull::hash_of(id)));
  const auto credential = *pushpull::open_credential(keys, id, put.sealed);
  CHECK(bytes::text(credential.password) == "geheim");
  CHECK(bench.count("SELECT COUNT(*) FROM item_bodies") == 0);
  const auto kept = bench.fresh.store().read([](store::Transaction& transaction) {
    return transaction.one("SELECT * FROM host_sessions");
  });
  for (std::size_t column = 2; column < (*kept)->size(); ++column) {
    if (column == 18 || column > 22) break;
    if (column != 12) CHECK((*kept)->text(column).find(id_text) == std::string::npos);
  }
}

TEST_CASE("no gateway that can be reached is said at once", "[sessions]") {
  Bench bench{each_engine()};
  bench.health->light = pushpull::Light::red;
  bench.health->reason = "The gateway has not answered for 5 minutes.";

  const auto answer = bench.ask(bench.destination());

  REQUIRE(std::holds_alternative<NotConnected>(*answer));
  const auto& refusal = std::get<NotConnected>(*answer);
  CHECK(refusal.code == Code::unavailable);
  CHECK(refusal.detail ==
        "No gateway of the site Site A can be reached. site-a: The gateway has not answered for 5 "
        "minutes.");
  CHECK(bench.count("SELECT COUNT(*) FROM host_sessions") == 0);
}

TEST_CASE("the first gateway that answers is taken", "[sessions]") {
  Bench bench{each_engine()};
  const auto other = bench.add_edge("site-a-2");
  bench.links.health = [&](const std::string& id) {
    auto health = *bench.health;
    health.light = id == other.id ? pushpull::Light::red : pushpull::Light::green;
    return std::optional{health};
  };
  auto to = bench.destination();
  to.gateways = {other, bench.gateway};

  const auto answer = bench.ask(std::move(to));

  CHECK(std::get<Connected>(*answer).session.edge == bench.gateway.id);
}

TEST_CASE("a ticket that the gateway does not take in time is given up", "[sessions][promise-7]") {
  Bench bench{each_engine()};
  bench.gateway_answers = false;

  const auto answer = bench.ask(bench.destination());

  REQUIRE(std::holds_alternative<NotConnected>(*answer));
  CHECK(std::get<NotConnected>(*answer).detail == "The gateway site-a did not answer in time.");
  const auto items = bench.items();
  REQUIRE(items.size() == 2);
  CHECK(items[1].kind == pushpull::kind::ticket_revoke);
  CHECK(items[1].id == items[0].id);
  CHECK(bench.count("SELECT COUNT(*) FROM host_sessions WHERE state = 'failed'") == 1);
}

TEST_CASE("a ticket that the gateway refuses has failed", "[sessions]") {
  Bench bench{each_engine()};
  bench.refused = {{1, "invalid_input"}};

  const auto answer = bench.ask(bench.destination());

  CHECK(std::get<NotConnected>(*answer).detail == "The gateway site-a refused the session.");
  CHECK(bench.count("SELECT COUNT(*) FROM host_sessions WHERE state = 'failed'") == 1);
}

TEST_CASE("a session that is not to be recorded has no key for it", "[sessions]") {
  Bench bench{each_engine()};
  auto to = bench.destination();
  to.record = false;
  to.record_input = true;

  REQUIRE(bench.ask(std::move(to)));

  const auto put = *pushpull::decode_ticket_put(bench.pushed[0].body);
  CHECK_FALSE(put.record);
  CHECK_FALSE(put.record_input);
  CHECK(put.recording_key == pushpull::Hash{});
  CHECK(bench.count("SELECT COUNT(*) FROM recordings") == 0);
}

}  // namespace sp::sessions
