#pragma once
#include <sys/eventfd.h>

#include <cstdint>
#include <mutex>
#include <vector>

#include "base/result/ensure.h"
#include "edge-gateway/sessions/descriptor.h"

namespace sp::edge_gateway {

/// What other threads want of a thread that polls: `fd` can be read while something is in it.
template <class T>
class Mailbox {
 public:
  Mailbox() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { ensure(event_.fd() >= 0); }

  [[nodiscard]] int fd() const { return event_.fd(); }
  void post(T mail) {
    const std::lock_guard lock{mutex_};
    mail_.push_back(std::move(mail));
    const std::uint64_t one = 1;
    static_cast<void>(!::write(event_.fd(), &one, sizeof one));
  }
  std::vector<T> take() {
    const std::lock_guard lock{mutex_};
    std::uint64_t count = 0;
    static_cast<void>(!::read(event_.fd(), &count, sizeof count));
    return std::exchange(mail_, {});
  }

 private:
  Descriptor event_;
  std::mutex mutex_;
  std::vector<T> mail_;
};

}  // namespace sp::edge_gateway
