#include "edge-selfdestruct/store/readers.h"

#include "base/testing/catch.h"
#include "edge-selfdestruct/store/testing/folder.h"

namespace sp::edge_selfdestruct {
namespace {

/// A database of numbers with one who writes it, and two who read.
struct Shelf {
  Shelf() {
    REQUIRE(writer.script("CREATE TABLE entry(n INTEGER NOT NULL) STRICT"));
    readers = *Readers::open(folder.file("db"), 2);
  }

  void write() {
    const auto alone = readers->without_snapshots();
    REQUIRE(writer.run("INSERT INTO entry(n) VALUES (1)"));
  }
  static std::int64_t count(sqlite::Database& db) {
    auto row = *db.query("SELECT count(*) FROM entry");
    REQUIRE(*row.step());
    return row.integer(0);
  }
  [[nodiscard]] std::int64_t read() const { return readers->read(count); }
  /// Whether the write-ahead log can be emptied: nobody still reads from it.
  bool can_empty() {
    auto row = *writer.query("PRAGMA wal_checkpoint(TRUNCATE)");
    REQUIRE(*row.step());
    return row.integer(0) == 0;
  }

  testing::Folder folder;
  sqlite::Database writer =
      *sqlite::Database::open(folder.file("db"), {.busy_timeout = std::chrono::milliseconds{0}});
  std::unique_ptr<Readers> readers;
};

TEST_CASE("a read sees every write before it", "[store]") {
  Shelf shelf;
  for (std::int64_t written = 1; written <= 5; ++written) {
    shelf.write();
    CHECK(shelf.read() == written);
    CHECK(shelf.read() == written);
  }
}

TEST_CASE("idle readers keep a snapshot, and let it go for a write", "[store]") {
  Shelf shelf;
  shelf.write();
  REQUIRE(shelf.read() == 1);

  const auto kept = !shelf.can_empty();
  const auto alone = shelf.readers->without_snapshots();
  const auto let_go = shelf.can_empty();
  const auto still_reads = shelf.read() == 1;

  CHECK(kept);
  CHECK(let_go);
  CHECK(still_reads);
  CHECK(shelf.can_empty());
}

TEST_CASE("a read that was under way while others wrote keeps nothing", "[store]") {
  Shelf shelf;
  shelf.write();

  const auto seen = shelf.readers->read([&](sqlite::Database& db) {
    const auto before = Shelf::count(db);
    shelf.write();
    return std::pair{before, Shelf::count(db)};
  });

  CHECK(seen == std::pair<std::int64_t, std::int64_t>{1, 1});
  CHECK(shelf.can_empty());
  CHECK(shelf.read() == 2);
}

TEST_CASE("two who read at once have a connection each", "[store]") {
  Shelf shelf;
  shelf.write();

  const auto counts = shelf.readers->read([&](sqlite::Database& db) {
    return std::pair{shelf.read(), Shelf::count(db)};
  });

  CHECK(counts == std::pair<std::int64_t, std::int64_t>{1, 1});
}

}  // namespace
}  // namespace sp::edge_selfdestruct
