#include "core/audit/audit.h"

#include <atomic>
#include <thread>

#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/store/testing/fresh_store.h"

namespace sp::audit {
namespace {

using store::Transaction;
using store::testing::FreshStore;

struct Bench {
  explicit Bench(store::Engine engine) : fresh(engine) {
    const auto half = random.secret(32);
    REQUIRE(keyring::Keyring::create(fresh.store(), half, random, clock));
    keyring = *keyring::Keyring::open(fresh.store(), half, random);
    audit = std::make_unique<Audit>(*keyring, clock);
  }
  void add(int count) {
    for (int i = 0; i < count; ++i) {
      clock.advance(std::chrono::seconds{1});
      REQUIRE(audit->append(fresh.store(),
                            {.event = i % 2 == 0 ? Event::message_sent : Event::session_opened,
                             .actor = {"person", "p" + std::to_string(i), "Name"},
                             .object = {"message", "m" + std::to_string(i), ""},
                             .source = "127.0.0.1",
                             .details = {{Detail::views, "1"}}}));
    }
  }
  void tamper(std::string_view sql) {
    REQUIRE(fresh.store().write([&](Transaction& tx) { return tx.run(sql); }));
  }
  Verdict verdict() {
    auto found = audit->verify(fresh.store());
    REQUIRE(found);
    return *found;
  }

  FreshStore fresh;
  OsRandom random;
  sp::testing::ManualClock clock;
  std::unique_ptr<keyring::Keyring> keyring;
  std::unique_ptr<Audit> audit;
};

TEST_CASE("an untouched trail is intact", "[audit]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  CHECK(bench.verdict().intact);

  bench.add(5);

  CHECK(bench.verdict().intact);
  CHECK(bench.verdict().checked == 5);
}

TEST_CASE("a changed, removed, added or moved event is found", "[audit]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto [sql, where] = GENERATE(table<std::string, std::int64_t>({
      {"UPDATE audit SET actor_name = 'Nobody' WHERE seq = 3", 3},
      {"UPDATE audit SET at = at + 1 WHERE seq = 3", 3},
      {"UPDATE audit SET source = '' WHERE seq = 1", 1},
      {"UPDATE audit SET details = mac WHERE seq = 2", 2},
      {"DELETE FROM audit WHERE seq = 2", 2},
      {"DELETE FROM audit WHERE seq = 1", 1},
      {"DELETE FROM audit WHERE seq = 5", 5},
      {"DELETE FROM audit WHERE seq >= 3", 3},
      {"DELETE FROM audit", 1},
      {"DELETE FROM audit_head", 6},
      {"UPDATE audit_head SET seq = 4", 4},
      {"UPDATE audit SET seq = CASE seq WHEN 2 THEN 103 ELSE 102 END WHERE seq IN (2, 3)", 2},
  }));
  bench.add(5);

  bench.tamper(sql);

  const auto verdict = bench.verdict();
  CHECK_FALSE(verdict.intact);
  CHECK(verdict.at_seq == where);
  CHECK_FALSE(verdict.problem.empty());
}

TEST_CASE("two events that changed places are found", "[audit]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.add(5);

  bench.tamper("UPDATE audit SET seq = seq + 100 WHERE seq IN (2, 3)");
  bench.tamper("UPDATE audit SET seq = 3 WHERE seq = 102");
  bench.tamper("UPDATE audit SET seq = 2 WHERE seq = 103");

  CHECK(bench.verdict().at_seq == 2);
}

TEST_CASE("an event goes when its transaction is rolled back", "[audit]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};

  (void)bench.fresh.store().write([&](Transaction& tx) -> Outcome {
    TRY(bench.audit->append(tx, {.event = Event::message_sent}));
    return Error{Code::internal, "no"};
  });

  CHECK(bench.verdict().checked == 0);
  CHECK(bench.verdict().intact);
}

TEST_CASE("events of many threads make one chain", "[audit]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  std::atomic<int> failures{0};

  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i)
          failures +=
              bench.audit->append(bench.fresh.store(), {.event = Event::message_viewed}) ? 0 : 1;
      });
  }

  CHECK(failures == 0);
  CHECK(bench.verdict().intact);
  CHECK(bench.verdict().checked == 100);
}

TEST_CASE("events are listed newest first, by filter and page by page", "[audit]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.add(10);
  auto& store = bench.fresh.store();

  const auto first = list(store, {.code = "message"}, 0, 3);
  const auto next = list(store, {.code = "message"}, first->back().seq, 3);
  const auto of_one = list(store, {.actor = "p4"}, 0, 10);
  const auto late = list(store, {.from = bench.clock.now()}, 0, 10);
  int count = 0;
  CHECK(each(store, {.code = "session.opened"}, [&](const Record&) { return ++count < 4; }));

  CHECK(first->front().seq == 9);
  CHECK(next->front().seq == 3);
  CHECK(of_one->size() == 1);
  CHECK(of_one->front().details.front() == std::pair<std::string, std::string>{"views", "1"});
  CHECK(late->size() == 1);
  CHECK(count == 4);
  CHECK(list(store, {.code = "messag"}, 0, 10)->empty());
}

}  // namespace
}  // namespace sp::audit
