#pragma once
// Looking on at a session that runs: the recording is read from the gateway as it grows. What the
// gateway made durable is half a second old at most.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "core/sessions/connect.h"

namespace sp::sessions {

/// One who looks on. Single-threaded.
class Watch {
 public:
  /// The next lines of the asciicast, from the beginning of the session on; empty when nothing new
  /// came within `patience`; nothing when the session is over and all was given.
  Result<std::optional<Secret>> next(Duration patience);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  friend class Watching;
  struct State;
  explicit Watch(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Everybody who looks on, on this core. Safe from every thread.
class Watching {
 public:
  Watching(const Context& context, Links links) : context_(context), links_(std::move(links)) {}

  static constexpr std::size_t most = 16;
  /// `not_found` when the session is not recorded, `conflict` when it is over, `too_many` beyond
  /// `most`. The audit event, and the word to the gateway that tells the session's user, are
  /// durable when this returns.
  Result<std::shared_ptr<Watch>> begin(const access::Permit& permit, const Session& session);
  /// Every watch ends soon.
  void stop() { stopping_ = true; }

 private:
  friend class Watch;
  /// Somebody comes or goes: the gateway is told who looks on now.
  Outcome tell(const Session& session) const;
  void leave(const Session& session, const std::string& by);
  Context context_;
  Links links_;
  mutable std::mutex mutex_;
  std::multimap<std::string, std::string> watchers_;  // by session
  std::atomic<bool> stopping_ = false;
};

}  // namespace sp::sessions
