#include "base/http/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "base/http/internal/connection.h"
#include "base/http/internal/listener.h"
#include "base/log/log.h"

namespace sp::http {

using namespace internal;  // NOLINT: this file is where those parts come together

namespace {

/// A connection is a descriptor. The soft limit of 1,024 is far too low; the hard one is the rule.
void raise_descriptor_limit(std::size_t connections) {
  const ::rlim_t wanted = connections + 1000;
  ::rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(limit.rlim_max, wanted);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
    log::warning("too_few_descriptors", {{"wanted", wanted},
                                         {"have", limit.rlim_cur},
                                         {"todo", "raise LimitNOFILE of the service"}});
}

}  // namespace

namespace internal {

/// A loop with its listener and its thread.
struct Worker {
  explicit Worker(Shared& shared) : loop(shared), listener(loop) {}

  void start() {
    asio::co_spawn(loop.io, listener.run(), asio::detached);
    thread = std::thread{[this] { loop.io.run(); }};
  }

  Loop loop;
  Listener listener;
  asio::executor_work_guard<asio::io_context::executor_type> work{loop.io.get_executor()};
  std::thread thread;
};

}  // namespace internal

class Server::Engine {
 public:
  Engine(Options options, Handler handler) : shared_(std::move(options), std::move(handler)) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() { stop(); }

  Outcome start() {
    const auto endpoint = TRY(parse_endpoint(shared_.options.listen));
    raise_descriptor_limit(shared_.options.limits.connections);
    const auto claimed = TRY(claim(endpoint));
    port_ = claimed.port();
    auto threads = shared_.options.io_threads;
    if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < threads; ++i) {
      workers_.push_back(std::make_unique<Worker>(shared_));
      TRY(workers_.back()->listener.open(claimed));
    }
    for (auto& worker : workers_) worker->start();
    return {};
  }

  void stop() {
    if (shared_.stopping.exchange(true)) return;
    for (auto& worker : workers_) asio::post(worker->loop.io, [&worker] { end_idle(*worker); });
    if (!shared_.open.wait_for_none(shared_.options.limits.stop_time)) end_everything();
    for (auto& worker : workers_) {
      worker->work.reset();
      asio::post(worker->loop.io, [&worker] { worker->loop.sweep.cancel(); });
    }
    for (auto& worker : workers_)
      if (worker->thread.joinable()) worker->thread.join();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Counters counters() {
    const auto& tally = shared_.tally;
    return {shared_.open.value(),    tally.accepted, tally.refused,
            tally.handshakes_failed, tally.requests, tally.requests_refused,
            tally.deadlines_missed};
  }

 private:
  static void end_idle(Worker& worker) {
    worker.listener.close();
    for (auto* connection : worker.loop.connections) connection->leave();
  }

  void end_everything() {
    log::warning("http_stop_cut_connections", {{"count", shared_.open.value()}});
    for (auto& worker : workers_)
      asio::post(worker->loop.io, [&worker] {
        for (auto* connection : worker->loop.connections) connection->end();
      });
    // Only a stream that blocks can hold it up now, and streams are ours.
    while (!shared_.open.wait_for_none(std::chrono::seconds{10}))
      log::error("http_stop_waits", {{"count", shared_.open.value()}});
  }

  Shared shared_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::uint16_t port_ = 0;
};

Server::Server(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(Options options, Handler handler) {
  auto engine = std::make_unique<Engine>(std::move(options), std::move(handler));
  TRY(engine->start());
  return std::unique_ptr<Server>{new Server{std::move(engine)}};
}

void Server::stop() {
  engine_->stop();
}
std::uint16_t Server::port() const {
  return engine_->port();
}
Counters Server::counters() const {
  return engine_->counters();
}

}  // namespace sp::http
