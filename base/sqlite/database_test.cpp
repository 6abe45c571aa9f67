#include "base/sqlite/database.h"

#include "base/testing/catch.h"

namespace sp::sqlite {
namespace {

std::int64_t count(Database& db) {
  auto rows = *db.query("SELECT count(*) FROM entry");
  REQUIRE(*rows.step());
  return rows.integer(0);
}

auto add(Database& db, std::string_view name) {
  return db.run("INSERT INTO entry(name) VALUES (?1)", name);
}

Database fresh() {
  auto db = Database::open(":memory:");
  REQUIRE(db);
  REQUIRE(db->script("CREATE TABLE entry(name TEXT NOT NULL UNIQUE) STRICT"));
  return *std::move(db);
}

TEST_CASE("a transaction rolls back unless committed", "[sqlite]") {
  auto db = fresh();

  {
    auto work = Transaction::begin(db);
    REQUIRE(work);
    REQUIRE(add(db, "a"));
  }
  CHECK(count(db) == 0);
  {
    auto work = Transaction::begin(db);
    REQUIRE(add(db, "a"));
    REQUIRE((*std::move(work)).commit());
  }
  CHECK(count(db) == 1);
}

TEST_CASE("an error never quotes a bound value", "[sqlite]") {
  auto db = fresh();
  REQUIRE(add(db, "hunter2"));

  const auto again = add(db, "hunter2");
  const auto search = db.run("SELECT json_extract('{}', ?1)", std::string_view{"hunter2"});

  REQUIRE_FALSE(again);
  CHECK(again.error().code() == Code::conflict);
  REQUIRE_FALSE(search);
  CHECK(search.error().detail().find("hunter2") == std::string::npos);
}

TEST_CASE("empty text and empty blobs are not null", "[sqlite]") {
  auto db = fresh();
  auto rows = *db.query("SELECT ?1, ?2, ?3", std::string_view{}, BytesView{},
                        std::optional<std::int64_t>{});

  REQUIRE(*rows.step());

  CHECK_FALSE(rows.is_null(0));
  CHECK_FALSE(rows.is_null(1));
  CHECK(rows.is_null(2));
}

}  // namespace
}  // namespace sp::sqlite
