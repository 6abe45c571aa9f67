#pragma once
// Threads with a reading connection each, so that no I/O thread waits for the disk.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/sqlite/database.h"

namespace sp::edge_selfdestruct {

class Readers {
 public:
  using Work = std::move_only_function<void(sqlite::Database&)>;

  static Result<std::unique_ptr<Readers>> open(const std::string& path, unsigned threads);
  ~Readers();  ///< after all that was submitted ran
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Runs `work` on one of the threads. Safe from every thread.
  void submit(Work work);

 private:
  Readers() = default;
  void serve(sqlite::Database db);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> waiting_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace sp::edge_selfdestruct
