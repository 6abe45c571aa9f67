#pragma once
// One thread that owns the writing connection, and commits what waits together.

#include <cstddef>
#include <functional>
#include <memory>

#include "base/result/result.h"
#include "base/sqlite/database.h"

namespace sp::sqlite {

/// Group commit. Jobs that wait when the writer is free run one after the other, in the order of
/// `submit`, inside one BEGIN IMMEDIATE ... COMMIT, each in a savepoint of its own: a job that
/// fails is undone alone, and the others commit. So the cost of an fdatasync is shared by all who
/// wait. With nothing to do the thread sleeps.
///
/// Safe from every thread.
class Writer {
 public:
  /// Runs on the writer's thread. Must not begin, commit or roll back by itself. An exception that
  /// leaves it counts as `internal`.
  using Job = std::move_only_function<Outcome(Database&)>;
  /// Runs on the writer's thread, in the order of `submit`: after COMMIT, or with the error of the
  /// job, or with that of BEGIN or COMMIT (then nothing of the batch is in the database). Must not
  /// block and must not throw.
  using Done = std::move_only_function<void(Outcome)>;

  /// Called on the writer's thread before each transaction. What it gives lives until the commit,
  /// and is gone before anybody is told of it.
  using Around = std::function<std::shared_ptr<void>()>;

  static constexpr std::size_t usual_jobs = 256;
  /// At most `most_jobs` share a commit, so that the first does not wait for an endless last.
  explicit Writer(Database db, std::size_t most_jobs = usual_jobs, Around around = nullptr);
  /// Finishes what was submitted, then closes the connection.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void submit(Job job, Done done);
  /// Submits and waits for the commit. Never from the writer's own thread: that is a bug and ends
  /// the process.
  Outcome run(Job job);

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace sp::sqlite
