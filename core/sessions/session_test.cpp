// Lists, searching, paging, comments, on both engines.
#include "core/sessions/testing/bench.h"

namespace sp::sessions {

using namespace testing;

namespace {

std::vector<std::string> found(Bench& bench, const Filter& filter, std::string_view after = "",
                               int limit = 50) {
  std::vector<std::string> out;
  const auto sessions = list(bench.fresh.store(), bench.permit(access::Action::host_sessions_read),
                             filter, after, limit);
  for (const auto& session : *sessions) out.push_back(session.id);
  return out;
}

}  // namespace

TEST_CASE("sessions are found by what is known of them", "[sessions]") {
  Bench bench{each_engine()};
  const auto first = bench.connected().session.id;
  bench.clock.advance(1h);
  auto other = bench.destination();
  other.host = "host2";
  other.host_name = "Web_1";
  const auto second = std::get<Connected>(*bench.ask(std::move(other))).session.id;
  bench.start(second);

  using Ids = std::vector<std::string>;
  CHECK(found(bench, {}) == Ids{second, first});
  CHECK(found(bench, {.part = "wEb_1"}) == Ids{second});
  CHECK(found(bench, {.part = "webx1"}).empty());
  CHECK(found(bench, {.part = "BROKEN"}) == Ids{first});
  CHECK(found(bench, {.owner = "nobody"}).empty());
  CHECK(found(bench, {.owner = "p1", .host = "host1"}) == Ids{first});
  CHECK(found(bench, {.site = "site1"}).size() == 2);
  CHECK(found(bench, {.states = {State::running, State::ended}}) == Ids{second});
  CHECK(found(bench, {.from = bench.clock.now() - 5min}) == Ids{second});
  CHECK(found(bench, {.to = bench.clock.now() - 5min}) == Ids{first});
}

TEST_CASE("pages follow each other without a gap", "[sessions]") {
  Bench bench{each_engine()};
  std::vector<std::string> all;
  for (int count = 0; count < 5; ++count) {
    all.insert(all.begin(), bench.connected().session.id);
    bench.clock.advance(count == 2 ? 0ms : 1ms);
  }

  const auto first = found(bench, {}, "", 2);
  const auto second = found(bench, {}, key_of(bench.session(first.back())), 2);
  const auto third = found(bench, {}, key_of(bench.session(second.back())), 2);

  std::set<std::string> together;
  for (const auto& page : {first, second, third}) together.insert(page.begin(), page.end());
  CHECK(together == std::set<std::string>{all.begin(), all.end()});
  CHECK(third.size() == 1);
  const auto permit = bench.permit(access::Action::host_sessions_read);
  CHECK(list(bench.fresh.store(), permit, {}, "nonsense", 2).error().code() == Code::invalid_input);
}

TEST_CASE("comments stay in their order", "[sessions]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;
  const auto permit = bench.permit(access::Action::host_sessions_write);

  REQUIRE(comment(bench.context(), permit, id, "first"));
  REQUIRE(comment(bench.context(), permit, id, "second"));

  const auto all =
      *comments(bench.fresh.store(), bench.permit(access::Action::host_sessions_read), id);
  REQUIRE(all.size() == 2);
  CHECK(all[0].text == "first");
  CHECK(all[1].login == "ada");
  CHECK(comment(bench.context(), permit, "none", "x").error().code() == Code::not_found);
  CHECK(bench.trail_has("host_session.commented"));
}

}  // namespace sp::sessions
