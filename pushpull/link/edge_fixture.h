#pragma once
// For the tests beside this file: an edge in this process that can be killed, copied and put back,
// and a channel to it that loses what it is told to lose.

#include <stdlib.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <thread>

#include "base/sqlite/writer.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"
#include "pushpull/enrolment/kit.h"
#include "pushpull/intake/intake.h"
#include "pushpull/link/channel.h"

namespace sp::pushpull::testing {

/// Keeps messages by id and counts how often each was put.
class Shelf final : public ItemHandler {
 public:
  Outcome apply(sqlite::Database& db, const Item& item) override {
    if (item.kind == kind::message_revoke) {
      TRY(db.run("DELETE FROM shelf WHERE id = ?1", item.id));
      return {};
    }
    if (item.kind != kind::message_put) return Error{Code::invalid_input, "kind"};
    if (item.body.size() == 1) return Error{Code::too_many, "no room"};
    TRY(
        db.run("INSERT INTO shelf (id, puts, views) VALUES (?1, 1, 1) "
               "ON CONFLICT DO UPDATE SET puts = puts + 1",
               item.id));
    return {};
  }
  Result<std::vector<Hash>> resync(sqlite::Database& db) override {
    TRY(db.run("DELETE FROM shelf WHERE id NOT IN (SELECT id FROM pushpull_live)"));
    auto rows =
        TRY(db.query("SELECT id FROM pushpull_live WHERE id NOT IN (SELECT id FROM shelf)"));
    std::vector<Hash> lost;
    while (TRY(rows.step())) {
      bytes::Reader reader{rows.blob_view(0)};
      lost.push_back(reader.array<32>().value());
    }
    return lost;
  }
  Result<std::uint64_t> holds(sqlite::Database& db) override {
    auto row = TRY(db.query("SELECT count(*) FROM shelf"));
    TRY(row.step());
    return static_cast<std::uint64_t>(row.integer(0));
  }
};

using sp::testing::TemporaryFolder;

class Edge {
 public:
  Edge(const Clock& clock, Random& random, const Pin& pin)
      : clock_(clock), random_(random), pin_(pin) {}
  ~Edge() { stop(); }
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  void enrol(const Kit& kit) {
    const auto done = pushpull::enrol(folder_.path(), encode(kit).expose(), "selfdestruct", random_,
                                      clock_.now());
    REQUIRE(done.has_value());
  }
  void start() {
    const std::lock_guard lock{mutex_};
    auto db = sqlite::Database::open(folder_.path() / "edge.sqlite",
                                     {.durability = sqlite::Durability::normal});
    ensure(db.has_value());
    ensure(db->script("CREATE TABLE IF NOT EXISTS shelf (id BLOB PRIMARY KEY, puts INTEGER, views "
                      "INTEGER) STRICT")
               .has_value());
    writer_ = std::make_unique<sqlite::Writer>(*std::move(db));
    IntakeOptions options;
    options.directory = folder_.path();
    options.version = "1.2.3";
    options.capabilities = {"selfdestruct"};
    options.cert_pin = [pin = pin_] { return pin; };
    CertificateReport shown{.listener = "intake", .names = {"127.0.0.1"}};
    shown.not_after = clock_.now() + std::chrono::days{90};
    options.certificates = [shown] { return std::vector{shown}; };
    auto intake = Intake::open(*writer_, shelf_, clock_, random_, std::move(options));
    ensure(intake.has_value());
    intake_ = *std::move(intake);
  }
  /// As after a crash: nothing but the files is left.
  void stop() {
    const std::lock_guard lock{mutex_};
    intake_.reset();
    writer_.reset();
  }
  void restart() {
    stop();
    start();
  }

  /// A view: an event in the transaction that takes the message from the shelf.
  bool view(BytesView id) {
    const std::lock_guard lock{mutex_};
    if (!intake_ || !intake_->serving()) return false;
    const auto done = writer_->run([&](sqlite::Database& db) -> Outcome {
      const auto taken = TRY(db.run("DELETE FROM shelf WHERE id = ?1", id));
      if (taken == 0) return Error{Code::not_found, "gone"};
      TRY(append_event(db, kind::message_viewed, id, clock_.now(),
                       encode(MessageViewed{1, 0, "192.0.2.0/24"})));
      return {};
    });
    if (done) intake_->committed();
    return done.has_value();
  }
  std::string text(const std::string& sql) {
    const std::lock_guard lock{mutex_};
    std::string found;
    ensure(writer_
               ->run([&](sqlite::Database& db) -> Outcome {
                 auto rows = TRY(db.query(sql));
                 while (TRY(rows.step())) found += rows.text(0) + "\n";
                 return {};
               })
               .has_value());
    return found;
  }
  std::int64_t number(const std::string& sql) { return std::stoll(text(sql)); }
  /// Everything that the database holds.
  std::string dump() {
    return text(
               "SELECT hex(edge_epoch)||coalesce(hex(core_epoch),'')||'|'||applied||'|'||last_event"
               "||'|'||acknowledged||'|'||changes||'|'||closed FROM pushpull_state") +
           text("SELECT seq||kind||hex(id)||at||hex(body) FROM pushpull_event ORDER BY seq") +
           text("SELECT hex(id)||puts FROM shelf ORDER BY id");
  }
  bool serving() {
    const std::lock_guard lock{mutex_};
    return intake_->serving();
  }

  void copy_database_to(const std::filesystem::path& to) const { copy(folder_.path(), to); }
  void copy_database_from(const std::filesystem::path& from) const { copy(from, folder_.path()); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  /// Does not wait. False, and no reply, when the edge is down.
  bool hand_over(Bytes body, Intake::Reply reply) {
    const std::lock_guard lock{mutex_};
    if (!intake_) return false;
    if (body.empty())
      intake_->key(std::move(reply));
    else
      intake_->post(std::move(body), std::move(reply));
    return true;
  }
  /// The HTTP answer to `body` (a GET of the key when it is empty); nothing when the edge is down.
  std::optional<Answer> answer(Bytes body) {
    struct Box {
      std::mutex mutex;
      std::condition_variable filled;
      std::optional<Answer> answer;
    };
    auto box = std::make_shared<Box>();
    const bool up = hand_over(std::move(body), [box, pin = pin_](int status, Bytes given) {
      const std::lock_guard filling{box->mutex};
      box->answer = Answer{status, std::move(given), pin};
      box->filled.notify_all();
    });
    if (!up) return {};
    std::unique_lock lock{box->mutex};
    box->filled.wait(lock, [&] { return box->answer.has_value(); });
    return std::move(box->answer);
  }

 private:
  static void copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::create_directories(to);
    for (const auto* name : {"edge.sqlite", "edge.sqlite-wal", "edge.sqlite-shm"}) {
      std::filesystem::remove(to / name);
      if (std::filesystem::exists(from / name)) std::filesystem::copy(from / name, to / name);
    }
  }

  const Clock& clock_;
  Random& random_;
  const Pin pin_;
  TemporaryFolder folder_;
  Shelf shelf_;
  std::mutex mutex_;
  std::unique_ptr<sqlite::Writer> writer_;
  std::unique_ptr<Intake> intake_;
};

/// Decides about each exchange: what is lost, and what happens meanwhile.
enum class Fate : std::uint8_t { passes, request_lost, answer_lost, crash_before, crash_after };
using Fates = std::function<Fate()>;

class LoopChannel final : public Channel {
 public:
  LoopChannel(Edge& edge, Fates fates) : edge_(edge), fates_(std::move(fates)) {}

  Result<Answer> exchange(const Call& call) override {
    const Error gone{Code::unavailable, "connection lost"};
    const auto fate = fates_ ? fates_() : Fate::passes;
    if (stopped_ || fate == Fate::request_lost) return gone;
    if (fate == Fate::crash_before) edge_.restart();
    auto answer = edge_.answer(bytes::copy(call.body));
    if (fate == Fate::crash_after) edge_.restart();
    if (!answer || fate == Fate::answer_lost || fate == Fate::crash_after) return gone;
    if (call.pin && *call.pin != answer->pin) return Error{Code::forbidden, "pin"};
    return *std::move(answer);
  }
  void stop() override { stopped_ = true; }

 private:
  Edge& edge_;
  Fates fates_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace sp::pushpull::testing
