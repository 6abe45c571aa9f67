#pragma once
// Keeps one link running for each edge.

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/edges/edge.h"
#include "core/edges/outbox.h"
#include "pushpull/link/link.h"

namespace sp::edges {

/// How a link's two channels are made; a test gives its own.
using MakeChannel =
    std::function<Result<std::unique_ptr<pushpull::Channel>>(const std::string& intake_url)>;

/// Starts a link when an edge is added, stops it when the edge is removed, and looks every few
/// seconds whether another core changed the table. Safe from every thread.
class Supervisor {
 public:
  Supervisor(const Context& context, Traffic& traffic, pushpull::LinkOptions options,
             MakeChannel make_channel);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// The edge has something to be sent: its link looks at once.
  void wake(const std::string& edge);
  /// Edges were added or removed.
  void refresh();
  void rotate(const std::string& edge);
  /// Nothing for an edge without a link.
  [[nodiscard]] std::optional<pushpull::LinkHealth> health(const std::string& edge) const;
  /// A range of what the edge holds; waits for its answer. `unavailable` for an edge without a
  /// link.
  Result<pushpull::BlobResponse> blob(const std::string& edge,
                                      const pushpull::BlobRequest& request) const;
  /// Queues the present settings for every edge.
  Outcome push_settings();
  void stop();

 private:
  struct Running;
  void watch(const std::stop_token& stop);
  void bring_up_to_date();
  /// Nothing for an edge without a link.
  [[nodiscard]] std::shared_ptr<Running> find_running(const std::string& edge) const;

  Context context_;
  Traffic& traffic_;
  pushpull::LinkOptions options_;
  MakeChannel make_channel_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool refresh_wanted_ = true;
  std::map<std::string, std::shared_ptr<Running>, std::less<>> running_;
  std::jthread watcher_;  // last: ends before what it uses
};

}  // namespace sp::edges
