#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace sp::orders {

/// Wakes the worker. From any thread.
class Bell {
 public:
  void ring() {
    {
      const std::lock_guard lock{mutex_};
      rung_ = true;
    }
    heard_.notify_all();
  }
  /// Returns when it rang, after `most`, or when `stop` is requested.
  void wait(const std::stop_token& stop, std::chrono::milliseconds most) {
    std::unique_lock lock{mutex_};
    heard_.wait_for(lock, stop, most, [this] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any heard_;
  bool rung_ = false;
};

}  // namespace sp::orders
