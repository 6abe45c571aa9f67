#pragma once
#include <atomic>
#include <memory>
#include <utility>

#include "base/http/internal/exchange.h"
#include "base/http/internal/write.h"
#include "base/log/log.h"

namespace sp::http::internal {

/// Answers 500 when every copy of a Reply is gone and none was called.
class Promise {
 public:
  explicit Promise(std::shared_ptr<Exchange<Response>> exchange) : exchange_(std::move(exchange)) {}
  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;
  ~Promise() {
    if (!answered_.test()) exchange_->give(plain_refusal(500));
  }
  void answer(Response response) {
    if (answered_.test_and_set()) {
      log::error("http_answered_twice", {{"status", response.status}});
      return;
    }
    exchange_->give(std::move(response));
  }

 private:
  std::shared_ptr<Exchange<Response>> exchange_;
  std::atomic_flag answered_;
};

}  // namespace sp::http::internal
