#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sp::http::internal {

/// A few threads for what may block, so that I/O threads never do.
class BlockingPool {
 public:
  using Task = std::move_only_function<void()>;

  explicit BlockingPool(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { loop(); });
  }
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;
  /// Runs what was submitted, then ends.
  ~BlockingPool() {
    {
      const std::lock_guard lock{mutex_};
      ending_ = true;
    }
    wake_.notify_all();
  }

  void submit(Task task) {
    {
      const std::lock_guard lock{mutex_};
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
  }

 private:
  void loop() {
    std::unique_lock lock{mutex_};
    while (true) {
      wake_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;             // guarded by mutex_
  bool ending_ = false;                // guarded by mutex_
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace sp::http::internal
