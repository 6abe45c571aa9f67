#include "base/sqlite/writer.h"

#include <atomic>
#include <filesystem>
#include <future>
#include <latch>
#include <stdexcept>
#include <thread>

#include "base/random/random.h"
#include "base/testing/catch.h"

namespace sp::sqlite {
namespace {

/// A database file of its own, removed at the end.
class File {
 public:
  File() {
    OsRandom random;
    path_ = std::filesystem::temp_directory_path() /
            ("sallyport-writer-" + bytes::hex(random.bytes<8>()) + ".sqlite");
    auto db = open();
    REQUIRE(db.script("CREATE TABLE entry(id INTEGER PRIMARY KEY, name TEXT UNIQUE) STRICT"));
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + end);
  }

  Database open() {
    auto db = Database::open(path_.string());
    REQUIRE(db);
    return *std::move(db);
  }
  std::vector<std::string> names() {
    auto db = open();
    auto rows = db.query("SELECT name FROM entry ORDER BY id");
    std::vector<std::string> found;
    while (*rows->step()) found.push_back(rows->text(0));
    return found;
  }

 private:
  std::filesystem::path path_;
};

Outcome add(Database& db, std::string_view name) {
  TRY(db.run("INSERT INTO entry(name) VALUES (?1)", name));
  return {};
}

auto adding(std::string name) {
  return [name = std::move(name)](Database& db) { return add(db, name); };
}

/// Holds the writer's thread until released, so that what is submitted meanwhile shares a batch.
class Hold {
 public:
  explicit Hold(Writer& writer) {
    writer.submit(
        [this](Database&) -> Outcome {
          held_.count_down();
          release_.wait();
          return {};
        },
        [](Outcome) {});
    held_.wait();
  }
  void release() { release_.count_down(); }

 private:
  std::latch held_{1};
  std::latch release_{1};
};

TEST_CASE("what a job wrote is committed when it is told so", "[sqlite][writer]") {
  File file;
  Writer writer{file.open()};

  const auto done = writer.run(adding("a"));

  CHECK(done);
  CHECK(file.names() == std::vector<std::string>{"a"});
}

TEST_CASE("a job that fails or throws is undone alone", "[sqlite][writer]") {
  File file;
  Writer writer{file.open()};
  std::vector<Outcome> outcomes;
  const auto note = [&](Outcome outcome) { outcomes.push_back(std::move(outcome)); };
  Hold hold{writer};

  writer.submit(adding("first"), note);
  writer.submit(
      [](Database& db) -> Outcome {
        TRY(add(db, "half"));
        return Error{Code::expired, "no"};
      },
      note);
  writer.submit(
      [](Database& db) -> Outcome {
        TRY(add(db, "thrown"));
        throw std::runtime_error{"oops"};
      },
      note);
  writer.submit(adding("last"), note);
  hold.release();
  REQUIRE(writer.run([](Database&) -> Outcome { return {}; }));

  REQUIRE(outcomes.size() == 4);
  CHECK(outcomes[0]);
  CHECK(outcomes[1].error().code() == Code::expired);
  CHECK(outcomes[2].error().code() == Code::internal);
  CHECK(outcomes[3]);
  CHECK(file.names() == std::vector<std::string>{"first", "last"});
}

TEST_CASE("what stands around a transaction begins before it and ends before anybody is told",
          "[sqlite][writer]") {
  File file;
  std::vector<std::string> order;
  const auto around = [&] {
    order.emplace_back("begins");
    return std::shared_ptr<void>{
        &order, [&](void*) { order.push_back("ends, " + std::to_string(file.names().size())); }};
  };
  Writer writer{file.open(), Writer::usual_jobs, around};
  const auto job = [&](Database& db) -> Outcome {
    order.emplace_back("writes");
    return add(db, "a");
  };
  std::promise<void> told;

  writer.submit(job, [&](const Outcome&) {
    order.emplace_back("told");
    told.set_value();
  });
  told.get_future().get();

  CHECK(order == std::vector<std::string>{"begins", "writes", "ends, 1", "told"});
}

TEST_CASE("nobody is told before the commit, and all in order", "[sqlite][writer]") {
  File file;
  Writer writer{file.open()};
  std::vector<int> order;
  std::vector<std::size_t> visible;
  Hold hold{writer};

  for (int i = 0; i < 10; ++i)
    writer.submit(adding(std::to_string(i)), [&, i](Outcome outcome) {
      REQUIRE(outcome);
      order.push_back(i);
      visible.push_back(file.names().size());
    });
  hold.release();
  REQUIRE(writer.run([](Database&) -> Outcome { return {}; }));

  CHECK(order == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(visible == std::vector<std::size_t>(10, 10));
}

TEST_CASE("a batch is no larger than asked", "[sqlite][writer]") {
  File file;
  Writer writer{file.open(), 3};
  std::vector<std::size_t> visible;
  Hold hold{writer};

  for (int i = 0; i < 7; ++i)
    writer.submit(adding(std::to_string(i)),
                  [&](Outcome) { visible.push_back(file.names().size()); });
  hold.release();
  REQUIRE(writer.run([](Database&) -> Outcome { return {}; }));

  CHECK(visible == std::vector<std::size_t>{3, 3, 3, 6, 6, 6, 7});
}

TEST_CASE("a failed commit fails the whole batch and leaves nothing", "[sqlite][writer]") {
  File file;
  REQUIRE(
      file.open().script("CREATE TABLE child(parent INTEGER REFERENCES entry(id) DEFERRABLE "
                         "INITIALLY DEFERRED) STRICT"));
  Writer writer{file.open()};
  std::vector<Outcome> outcomes;
  const auto note = [&](Outcome outcome) { outcomes.push_back(std::move(outcome)); };
  Hold hold{writer};

  writer.submit(adding("innocent"), note);
  writer.submit(
      [](Database& db) -> Outcome {
        TRY(db.run("INSERT INTO child VALUES (4711)"));
        return {};
      },
      note);
  hold.release();
  static_cast<void>(writer.run([](Database&) -> Outcome { return {}; }));

  REQUIRE(outcomes.size() == 2);
  CHECK_FALSE(outcomes[0]);
  CHECK_FALSE(outcomes[1]);
  CHECK(file.names().empty());
  CHECK(writer.run(adding("afterwards")));
}

TEST_CASE("a lost transaction fails those before it and spares those after it",
          "[sqlite][writer]") {
  File file;
  Writer writer{file.open()};
  std::vector<Outcome> outcomes;
  const auto note = [&](Outcome outcome) { outcomes.push_back(std::move(outcome)); };
  Hold hold{writer};

  writer.submit(adding("before"), note);
  writer.submit(
      [](Database& db) -> Outcome {
        TRY(db.run("INSERT OR ROLLBACK INTO entry(name) VALUES ('before')"));
        return {};
      },
      note);
  writer.submit(adding("after"), note);
  hold.release();
  REQUIRE(writer.run([](Database&) -> Outcome { return {}; }));

  REQUIRE(outcomes.size() == 3);
  CHECK_FALSE(outcomes[0]);
  CHECK_FALSE(outcomes[1]);
  CHECK(outcomes[2]);
  CHECK(file.names() == std::vector<std::string>{"after"});
}

TEST_CASE("the end of a writer finishes what was submitted", "[sqlite][writer]") {
  File file;
  std::atomic<int> told = 0;

  {
    Writer writer{file.open(), 7};
    for (int i = 0; i < 100; ++i)
      writer.submit(adding(std::to_string(i)), [&](Outcome outcome) { told += outcome ? 1 : 0; });
  }

  CHECK(told == 100);
  CHECK(file.names().size() == 100);
}

TEST_CASE("64 threads at once lose nothing and never share a decrement", "[sqlite][writer]") {
  File file;
  REQUIRE(file.open().script(
      "CREATE TABLE left(n INTEGER NOT NULL) STRICT; INSERT INTO left VALUES (500)"));
  Writer writer{file.open()};
  std::atomic<int> claimed = 0;
  std::atomic<int> refused = 0;
  const auto claim = [](Database& db) -> Outcome {
    if (TRY(db.run("UPDATE left SET n = n - 1 WHERE n > 0")) == 0)
      return Error{Code::not_found, "none left"};
    return {};
  };

  std::vector<std::jthread> threads;
  for (int i = 0; i < 64; ++i)
    threads.emplace_back([&] {
      for (int turn = 0; turn < 20; ++turn) ++(writer.run(claim) ? claimed : refused);
    });
  threads.clear();

  CHECK(claimed == 500);
  CHECK(refused == 64 * 20 - 500);
}

}  // namespace
}  // namespace sp::sqlite
