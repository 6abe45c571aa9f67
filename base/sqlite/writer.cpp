#include "base/sqlite/writer.h"

#include <sqlite3.h>

#include <condition_variable>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sp::sqlite {
namespace {

struct Entry {
  Writer::Job job;
  Writer::Done done;
  Outcome outcome;
};
using Batch = std::vector<Entry>;

Outcome call(Writer::Job& job, Database& db) {
  try {
    return job(db);
  } catch (const std::exception&) {
    return Error{Code::internal, "a write job threw an exception"};
  }
}

/// Some failures (disk full, no memory, failed read or write) make SQLite roll back everything.
bool transaction_is_gone(Database& db) {
  return ::sqlite3_get_autocommit(db.raw()) != 0;
}

Outcome run_in_savepoint(Writer::Job& job, Database& db) {
  TRY(db.run("SAVEPOINT job"));
  auto outcome = call(job, db);
  if (!outcome && !transaction_is_gone(db)) TRY(db.run("ROLLBACK TO job"));
  if (!transaction_is_gone(db)) TRY(db.run("RELEASE job"));
  return outcome;
}

void fail_from(std::span<Entry> entries, const Error& error) {
  for (auto& entry : entries)
    if (entry.outcome) entry.outcome = error;
}

/// Runs the front of `entries` in one transaction and says how many took part: all of them, unless
/// one failed in a way that took the transaction with it.
std::size_t run_together(std::span<Entry> entries, Database& db) {
  auto work = Transaction::begin(db);
  if (!work) {
    fail_from(entries, work.error());
    return entries.size();
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].outcome = run_in_savepoint(entries[i].job, db);
    entries[i].job = nullptr;  // what it captured must not outlive its caller's wait
    if (!transaction_is_gone(db)) continue;
    const auto cause =
        entries[i].outcome ? Error{Code::internal, "transaction lost"} : entries[i].outcome.error();
    fail_from(entries.first(i + 1), cause);
    return i + 1;
  }
  if (auto committed = (*std::move(work)).commit(); !committed)
    fail_from(entries, std::move(committed).error());
  return entries.size();
}

std::size_t run_inside(const Writer::Around& around, std::span<Entry> entries, Database& db) {
  const auto held = around ? around() : nullptr;
  return run_together(entries, db);
}

void run_batch(std::span<Entry> batch, Database& db, const Writer::Around& around) {
  while (!batch.empty()) {
    const auto ran = batch.first(run_inside(around, batch, db));
    for (auto& entry : ran) entry.done(std::move(entry.outcome));
    batch = batch.subspan(ran.size());
  }
}

}  // namespace

class Writer::Worker {
 public:
  Worker(Database db, std::size_t most_jobs, Around around)
      : db_(std::move(db)),
        most_jobs_(most_jobs),
        around_(std::move(around)),
        thread_([this] { loop(); }) {
    ensure(most_jobs > 0);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    {
      const std::lock_guard lock{mutex_};
      ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void submit(Entry entry) {
    bool sleeping = false;
    {
      const std::lock_guard lock{mutex_};
      sleeping = waiting_.empty();
      waiting_.push_back(std::move(entry));
    }
    if (sleeping) wake_.notify_one();
  }

  [[nodiscard]] bool is_this_thread() const {
    return std::this_thread::get_id() == thread_.get_id();
  }

 private:
  void loop() {
    for (auto batch = next(); !batch.empty(); batch = next()) {
      std::span<Entry> rest{batch};
      while (!rest.empty()) {
        const auto part = rest.first(std::min(rest.size(), most_jobs_));
        run_batch(part, db_, around_);
        rest = rest.subspan(part.size());
      }
    }
  }

  /// Everything that waits; empty when there will be no more.
  Batch next() {
    std::unique_lock lock{mutex_};
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    return std::exchange(waiting_, {});
  }

  Database db_;
  const std::size_t most_jobs_;
  const Around around_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Batch waiting_;        // guarded by mutex_
  bool ending_ = false;  // guarded by mutex_
  std::thread thread_;   // last: it uses all of the above
};

Writer::Writer(Database db, std::size_t most_jobs, Around around)
    : worker_(std::make_unique<Worker>(std::move(db), most_jobs, std::move(around))) {}
Writer::~Writer() = default;

void Writer::submit(Job job, Done done) {
  worker_->submit({std::move(job), std::move(done), {}});
}

Outcome Writer::run(Job job) {
  ensure(!worker_->is_this_thread());
  std::promise<Outcome> promise;
  auto outcome = promise.get_future();
  submit(std::move(job), [&promise](Outcome done) { promise.set_value(std::move(done)); });
  return outcome.get();
}

}  // namespace sp::sqlite
