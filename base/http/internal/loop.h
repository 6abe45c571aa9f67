#pragma once
// What connections share: with the whole server (Shared), and with those of their thread (Loop).

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <list>
#include <mutex>
#include <optional>
#include <string>

#include "base/http/internal/address_counter.h"
#include "base/http/internal/blocking_pool.h"
#include "base/http/internal/write.h"
#include "base/http/server.h"

namespace sp::http::internal {

namespace asio = boost::asio;
using Moment = std::chrono::steady_clock::time_point;

struct Tally {
  std::atomic<std::uint64_t> accepted = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<std::uint64_t> handshakes_failed = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> requests_refused = 0;
  std::atomic<std::uint64_t> deadlines_missed = 0;
};

inline void count(std::atomic<std::uint64_t>& tally) {
  tally.fetch_add(1, std::memory_order_relaxed);
}

/// The number of open connections, and a way to wait until there are none.
class OpenCount {
 public:
  bool add(std::size_t most) {
    const std::lock_guard lock{mutex_};
    if (open_ >= most) return false;
    ++open_;
    return true;
  }
  void remove() {
    const std::lock_guard lock{mutex_};
    if (--open_ == 0) none_.notify_all();
  }
  bool wait_for_none(std::chrono::milliseconds most) {
    std::unique_lock lock{mutex_};
    return none_.wait_for(lock, most, [this] { return open_ == 0; });
  }
  std::size_t value() {
    const std::lock_guard lock{mutex_};
    return open_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t open_ = 0;
};

struct Shared {
  Shared(Options chosen, Handler chosen_handler)
      : options(std::move(chosen)),
        handler(std::move(chosen_handler)),
        pool(std::max(1U, options.blocking_threads)) {}

  [[nodiscard]] bool is_proxy(const std::string& address) const {
    return std::ranges::find(options.proxies, address) != options.proxies.end();
  }
  /// Counts one more connection of `address`: what to give back at its end, a null key where the
  /// address is exempt; nullopt, and nothing counted, when it has enough.
  std::optional<std::optional<AddressCounter::Key>> add(const asio::ip::address& address) {
    using Added = std::optional<AddressCounter::Key>;
    if (options.limits.exempt_loopback && address.is_loopback()) return Added{};
    const auto key = AddressCounter::key_of(address);
    if (!addresses.add(key, options.limits.connections_per_address)) return std::nullopt;
    return Added{key};
  }

  const Options options;
  const Handler handler;
  Tally tally;
  OpenCount open;
  AddressCounter addresses;
  std::atomic<bool> stopping = false;
  BlockingPool pool;
};

class Connection;

/// One I/O thread's world. Everything in it is touched by that thread alone.
struct Loop {
  explicit Loop(Shared& all) : shared(all) {}

  std::string_view date() {
    if (const auto now = std::time(nullptr); now != date_second) {
      date_second = now;
      date_text = http_date(now);
    }
    return date_text;
  }

  Shared& shared;
  std::list<Connection*> connections;
  bool sweeping = false;
  std::string out;  ///< an answer is put together here; free again at each suspension
  std::time_t date_second = 0;
  std::string date_text;
  boost::asio::io_context io{1};  // its end may end connections, which use the above
  boost::asio::steady_timer sweep{io};
};

}  // namespace sp::http::internal
