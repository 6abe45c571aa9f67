#pragma once
// The meeting point of a connection that waits for an answer and the thread that gives it.

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace sp::http::internal {

namespace asio = boost::asio;

/// Carries one value from any thread to one coroutine of `io`. The first value counts. The
/// coroutine waits until there is one, so `io` outlives every value that is taken.
template <class T>
class Exchange {
 public:
  explicit Exchange(asio::io_context& io) : io_(io) {}

  /// False when there was a value already.
  bool give(T value) {
    const std::lock_guard lock{mutex_};
    if (given_) return false;
    given_ = true;
    value_.emplace(std::move(value));
    if (waiter_) asio::post(io_, std::exchange(waiter_, nullptr));
    return true;
  }

  /// Once, on a thread of `io`.
  asio::awaitable<T> take() {
    if (!is_given()) {
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
          [this](auto handler) { this->wake(std::move(handler)); }, asio::use_awaitable);
    }
    co_return *std::move(value_);
  }

 private:
  bool is_given() {
    const std::lock_guard lock{mutex_};
    return given_;
  }

  template <class Handler>
  void wake(Handler handler) {
    const std::lock_guard lock{mutex_};
    waiter_ = std::move(handler);
    if (given_) asio::post(io_, std::exchange(waiter_, nullptr));
  }

  asio::io_context& io_;
  std::mutex mutex_;
  bool given_ = false;                        // guarded by mutex_
  std::optional<T> value_;                    // guarded by mutex_ until given
  std::move_only_function<void()> waiter_{};  // guarded by mutex_
};

}  // namespace sp::http::internal
