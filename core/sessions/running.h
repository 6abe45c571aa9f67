#pragma once
// The parts of sessions that run by themselves: recordings come home, old ones go, tickets that
// nobody took are closed.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/sessions/collect.h"
#include "core/sessions/live.h"
#include "core/sessions/traffic.h"

namespace sp::sessions {

/// What takes part in the links: made before them, since they need its traffic.
class Running {
 public:
  explicit Running(const Context& context)
      : context_(context), traffic_(context, [this] { wake(); }) {}
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  [[nodiscard]] SessionTraffic& traffic() { return traffic_; }
  /// Begins the work. `links` must live until `stop`.
  void start(Links links);
  [[nodiscard]] const Links& links() const { return links_; }
  /// After `start`.
  [[nodiscard]] Watching& watching() { return *watching_; }
  /// A recording may be due.
  void wake();
  /// Every watch ends soon; without waiting.
  void end_watches();
  void stop();

 private:
  void work(const std::stop_token& stop);
  void round();
  Context context_;
  SessionTraffic traffic_;
  Links links_;
  std::unique_ptr<Watching> watching_;
  std::mutex mutex_;
  std::condition_variable_any sleep_;
  bool woken_ = false;
  std::jthread worker_;  // last: ends before what it uses
};

}  // namespace sp::sessions
