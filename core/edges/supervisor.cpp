#include "core/edges/supervisor.h"

#include <set>
#include <utility>
#include <vector>

#include "base/log/log.h"

namespace sp::edges {

struct Supervisor::Running {
  std::string intake_url;
  EdgeOutbox outbox;
  std::unique_ptr<pushpull::Link> link;  // after the outbox, which it uses
};

Supervisor::Supervisor(const Context& context, Traffic& traffic, pushpull::LinkOptions options,
                       MakeChannel make_channel)
    : context_(context),
      traffic_(traffic),
      options_(std::move(options)),
      make_channel_(std::move(make_channel)),
      watcher_([this](const std::stop_token& stop) { watch(stop); }) {}

Supervisor::~Supervisor() {
  stop();
}

void Supervisor::stop() {
  watcher_.request_stop();
  if (watcher_.joinable()) watcher_.join();
  std::map<std::string, std::shared_ptr<Running>, std::less<>> ending;
  {
    const std::lock_guard lock{mutex_};
    ending.swap(running_);
  }
  for (const auto& [edge, running] : ending) running->link->stop();  // also one that is asked now
}

void Supervisor::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    bring_up_to_date();
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stop, std::chrono::seconds{5},
                      [this] { return std::exchange(refresh_wanted_, false); });
  }
}

void Supervisor::bring_up_to_date() {
  const auto edges = list(context_.store);
  if (!edges) return log::warning("edges_unknown", {{"code", name(edges.error().code())}});

  std::set<std::string> wanted;
  for (const auto& edge : *edges) wanted.insert(edge.id);
  std::vector<std::shared_ptr<Running>> ending;  // stopped outside the lock: it may take a moment
  {
    const std::lock_guard lock{mutex_};
    for (auto it = running_.begin(); it != running_.end();) {
      if (wanted.contains(it->first)) {
        ++it;
        continue;
      }
      ending.push_back(std::move(it->second));
      it = running_.erase(it);
    }
  }
  for (const auto& edge : *edges) {
    {
      const std::lock_guard lock{mutex_};
      if (running_.contains(edge.id)) continue;
    }
    auto push = make_channel_(edge.intake_url);
    auto pull = make_channel_(edge.intake_url);
    if (!push || !pull) {
      log::error("link_not_started", push ? pull.error() : push.error(), {{"edge", edge.name}});
      continue;
    }
    auto running = std::make_shared<Running>(
        Running{edge.intake_url, EdgeOutbox{context_, traffic_, edge.id}, nullptr});
    running->link =
        std::make_unique<pushpull::Link>(options_, *std::move(push), *std::move(pull),
                                         running->outbox, context_.clock, context_.random);
    const std::lock_guard lock{mutex_};
    running_.emplace(edge.id, std::move(running));
  }
}

void Supervisor::wake(const std::string& edge) {
  const std::lock_guard lock{mutex_};
  const auto found = running_.find(edge);
  if (found != running_.end()) found->second->link->wake();
}

void Supervisor::refresh() {
  {
    const std::lock_guard lock{mutex_};
    refresh_wanted_ = true;
  }
  changed_.notify_all();
}

void Supervisor::rotate(const std::string& edge) {
  const std::lock_guard lock{mutex_};
  const auto found = running_.find(edge);
  if (found != running_.end()) found->second->link->rotate();
}

std::shared_ptr<Supervisor::Running> Supervisor::find_running(const std::string& edge) const {
  const std::lock_guard lock{mutex_};
  const auto found = running_.find(edge);
  return found == running_.end() ? nullptr : found->second;
}

std::optional<pushpull::LinkHealth> Supervisor::health(const std::string& edge) const {
  const auto running = find_running(edge);
  if (!running) return std::nullopt;
  return running->link->health();
}

Result<pushpull::BlobResponse> Supervisor::blob(const std::string& edge,
                                                const pushpull::BlobRequest& request) const {
  const auto running = find_running(edge);
  if (!running) return Error{Code::unavailable, "edge: no link"};
  return running->link->blob(request);
}

Outcome Supervisor::push_settings() {
  const auto edges = TRY(list(context_.store));
  for (const auto& edge : edges) {
    TRY(context_.store.write([&](store::Transaction& transaction) {
      return queue_settings(context_, transaction, traffic_, edge.id);
    }));
    wake(edge.id);
  }
  return {};
}

}  // namespace sp::edges
