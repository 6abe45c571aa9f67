#include "core/store/store.h"

#include <atomic>
#include <thread>

#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/store/migrations.h"
#include "core/store/testing/fresh_store.h"

namespace sp::store {
namespace {

using testing::FreshStore;

constexpr std::string_view table =
    "CREATE TABLE thing (id @int@ NOT NULL PRIMARY KEY, name TEXT, data @blob@) @strict@";

void make_table(Store& store) {
  REQUIRE(store.write([](Transaction& tx) { return tx.script(for_engine(table, tx.engine())); }));
}

Outcome add(Store& store, int id, std::string_view name) {
  return store.write([&](Transaction& tx) -> Outcome {
    TRY(tx.run("INSERT INTO thing (id, name) VALUES ($1, $2)", id, name));
    return {};
  });
}

std::int64_t count(Store& store) {
  const auto rows =
      store.read([](Transaction& tx) { return tx.query("SELECT count(*) FROM thing"); });
  REQUIRE(rows);
  return rows->front().integer(0);
}

TEST_CASE("values come back as they went in, on both engines", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  auto& store = fresh.store();
  make_table(store);
  const Bytes data{std::byte{0}, std::byte{0xff}, std::byte{'\\'}, std::byte{'x'}};
  REQUIRE(store.write([&](Transaction& tx) {
    return tx.run("INSERT INTO thing (data, name, id) VALUES ($3, $2, $1)", std::int64_t{1} << 62,
                  "na\\x'me $1 ü", data);
  }));
  REQUIRE(add(store, 2, ""));

  const auto rows = store.read(
      [](Transaction& tx) { return tx.query("SELECT id, name, data FROM thing ORDER BY id"); });

  REQUIRE(rows);
  CHECK((*rows)[0].maybe_text(1) == "");
  CHECK((*rows)[0].is_null(2));
  CHECK((*rows)[1].integer(0) == std::int64_t{1} << 62);
  CHECK((*rows)[1].text(1) == "na\\x'me $1 ü");
  CHECK((*rows)[1].bytes(2) == data);
}

TEST_CASE("a parameter may be used twice and out of order", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};

  const auto row = fresh.store().read([](Transaction& tx) {
    return tx.one("SELECT CAST($2 AS TEXT) || CAST($1 AS TEXT) || CAST($2 AS TEXT)", "a", "b");
  });

  REQUIRE(row);
  CHECK((*row)->text(0) == "bab");
}

TEST_CASE("a transaction whose work fails leaves nothing", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  make_table(fresh.store());

  const auto outcome = fresh.store().write([](Transaction& tx) -> Outcome {
    TRY(tx.run("INSERT INTO thing (id) VALUES (1)"));
    return Error{Code::expired, "changed our mind"};
  });

  CHECK(outcome.error().code() == Code::expired);
  CHECK(count(fresh.store()) == 0);
}

TEST_CASE("a failed statement ends its transaction, also when nobody looks", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  make_table(fresh.store());
  REQUIRE(add(fresh.store(), 1, "one"));

  const auto outcome = fresh.store().write([](Transaction& tx) -> Outcome {
    (void)tx.run("INSERT INTO thing (id) VALUES (2)");
    CHECK(tx.run("INSERT INTO thing (id) VALUES (1)").error().code() == Code::conflict);
    CHECK_FALSE(tx.run("INSERT INTO thing (id) VALUES (3)"));
    return {};
  });

  CHECK_FALSE(outcome);
  CHECK(count(fresh.store()) == 1);
}

TEST_CASE("rows that a statement changed are counted", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  make_table(fresh.store());
  REQUIRE(add(fresh.store(), 1, "one"));

  const auto counts = fresh.store().write([](Transaction& tx) -> Result<std::vector<std::int64_t>> {
    std::vector<std::int64_t> all;
    all.push_back(TRY(tx.run("INSERT INTO thing (id) VALUES ($1) ON CONFLICT DO NOTHING", 1)));
    all.push_back(TRY(tx.run("INSERT INTO thing (id) VALUES ($1) ON CONFLICT DO NOTHING", 2)));
    all.push_back(TRY(tx.run("UPDATE thing SET name = 'x'")));
    const auto deleted = TRY(tx.execute("DELETE FROM thing WHERE id = $1 RETURNING name", 2));
    all.push_back(deleted.changed);
    CHECK(deleted.rows.front().text(0) == "x");
    return all;
  });

  REQUIRE(counts);
  CHECK(*counts == std::vector<std::int64_t>{0, 1, 2, 1});
}

TEST_CASE("a reading transaction cannot write", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  make_table(fresh.store());

  const auto outcome = fresh.store().read(
      [](Transaction& tx) { return tx.run("INSERT INTO thing (id) VALUES (1)"); });

  CHECK_FALSE(outcome);
  CHECK(count(fresh.store()) == 0);
}

TEST_CASE("what waits for the commit runs after it and not without it", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  make_table(fresh.store());
  int ran = 0;

  REQUIRE(fresh.store().write([&](Transaction& tx) -> Outcome {
    tx.after_commit([&] { ++ran; });
    CHECK(ran == 0);
    return {};
  }));
  CHECK_FALSE(fresh.store().write([&](Transaction& tx) -> Outcome {
    tx.after_commit([&] { ++ran; });
    return Error{Code::internal, "no"};
  }));

  CHECK(ran == 1);
}

TEST_CASE("many threads that add to one number lose no addition", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  auto& store = fresh.store();
  make_table(store);
  REQUIRE(store.write(
      [](Transaction& tx) { return tx.run("INSERT INTO thing (id, name) VALUES (1, '0')"); }));
  const auto add_one = [&](Transaction& tx) -> Outcome {
    TRY(tx.lock("counter"));
    const auto row = TRY(tx.one("SELECT name FROM thing WHERE id = 1"));
    TRY(tx.run("UPDATE thing SET name = $1 WHERE id = 1",
               std::to_string(std::stoi(row->text(0)) + 1)));
    return {};
  };
  std::atomic<int> failures{0};

  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 6; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) failures += store.write(add_one) ? 0 : 1;
      });
  }

  CHECK(failures == 0);
  const auto row =
      store.read([](Transaction& tx) { return tx.one("SELECT name FROM thing WHERE id = 1"); });
  CHECK((*row)->text(0) == "120");
}

TEST_CASE("a deadlock is run again and both sides succeed", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  auto& store = fresh.store();
  make_table(store);
  REQUIRE(add(store, 1, "a"));
  REQUIRE(add(store, 2, "b"));
  const auto touch = [&](int first, int second) {
    return store.write([&](Transaction& tx) -> Outcome {
      TRY(tx.run("UPDATE thing SET name = name || '.' WHERE id = $1", first));
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      TRY(tx.run("UPDATE thing SET name = name || '.' WHERE id = $1", second));
      return {};
    });
  };
  bool there = false, back = false;

  {
    std::jthread one{[&] { there = touch(1, 2).has_value(); }};
    std::jthread two{[&] { back = touch(2, 1).has_value(); }};
  }

  CHECK(there);
  CHECK(back);
}

TEST_CASE("a connection that was cut is replaced without a word", "[store]") {
  if (testing::engines().size() < 2) return;
  FreshStore fresh{Engine::postgres};
  make_table(fresh.store());
  REQUIRE(add(fresh.store(), 1, "one"));

  fresh.cut_connections();

  CHECK(add(fresh.store(), 2, "two"));
  CHECK(count(fresh.store()) == 2);
}

TEST_CASE("a database that cannot be reached is said to be unavailable", "[store]") {
  const auto url = GENERATE(as<std::string>{}, "sqlite:/nonexistent/folder/core.sqlite",
                            "postgresql://nobody@127.0.0.1:1/nothing");

  const auto store = Store::open({.url = url});

  REQUIRE_FALSE(store);
  CHECK(store.error().code() == Code::unavailable);
}

TEST_CASE("an address of no known engine is refused", "[store]") {
  CHECK(Store::open({.url = "mysql://x"}).error().code() == Code::invalid_input);
}

TEST_CASE("a writer that waits longer than its patience is told that the database is busy",
          "[store]") {
  FreshStore fresh{Engine::sqlite};
  auto impatient = Store::open(
      {.url = fresh.url(), .connections = 1, .patience = std::chrono::milliseconds{50}});
  REQUIRE(impatient);

  const auto outcome = (*impatient)->write([&](Transaction&) -> Outcome {
    Outcome inner;
    std::jthread other{
        [&] { inner = (*impatient)->write([](Transaction&) -> Outcome { return {}; }); }};
    other.join();
    return inner;
  });

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code() == Code::unavailable);
}

TEST_CASE("migrations are numbered once and go up", "[store]") {
  CHECK(check_numbers(migrations()));
  const std::array twice{Migration{1, "a", ""}, Migration{1, "b", ""}};
  CHECK_FALSE(check_numbers(twice));
}

TEST_CASE("migrating again changes nothing", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  sp::testing::ManualClock clock;

  CHECK(fresh.store().migrate(clock));

  const auto rows = fresh.store().read(
      [](Transaction& tx) { return tx.query("SELECT number FROM schema_migrations"); });
  CHECK(rows->size() == migrations().size());
}

TEST_CASE("several cores that migrate at once do it once", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines())), false};
  std::atomic<int> failures{0};

  {
    std::vector<std::jthread> cores;
    for (int i = 0; i < 4; ++i)
      cores.emplace_back([&] {
        auto store = Store::open({.url = fresh.url()});
        failures += store && (*store)->migrate(SystemClock{}) ? 0 : 1;
      });
  }

  CHECK(failures == 0);
}

TEST_CASE("a migration that was changed after it was applied is noticed", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  REQUIRE(fresh.store().write([](Transaction& tx) {
    return tx.run("UPDATE schema_migrations SET checksum = $1 WHERE number = 1", Bytes(32));
  }));

  CHECK(fresh.store().migrate(SystemClock{}).error().code() == Code::conflict);
}

TEST_CASE("a database newer than the program is left alone", "[store]") {
  FreshStore fresh{GENERATE(from_range(testing::engines()))};
  REQUIRE(fresh.store().write([](Transaction& tx) {
    return tx.run(
        "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (9999, 'later', "
        "$1, 0)",
        Bytes(32));
  }));

  CHECK(fresh.store().migrate(SystemClock{}).error().code() == Code::invalid_input);
}

}  // namespace
}  // namespace sp::store
