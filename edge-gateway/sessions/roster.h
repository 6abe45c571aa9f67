#pragma once
// All sessions of the gateway: how many there may be, and who finds one. Safe from every thread.

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "edge-gateway/sessions/session.h"

namespace sp::edge_gateway {

struct RosterLimits {
  std::size_t sessions = 200;
  std::size_t sessions_per_user = 20;
  std::size_t sessions_per_source = 50;
};

class Roster {
 public:
  Roster(SessionWorld world, const RosterLimits& limits)
      : world_(std::move(world)), limits_(limits) {}
  ~Roster();
  Roster(const Roster&) = delete;
  Roster& operator=(const Roster&) = delete;

  /// A session's place among the others; it is given back when this goes.
  class Place;
  /// Nothing when all, the user or the source has as many as may be.
  std::shared_ptr<Place> claim(const std::string& user, const std::string& source);
  /// Whether there may be one more, whoever wants it.
  [[nodiscard]] bool has_room(const std::string& source);

  /// Begins a session on a thread of its own.
  std::shared_ptr<Session> begin(const pushpull::TicketId& ticket, Redeemed redeemed, PageLink page,
                                 std::string term, std::shared_ptr<Place> place);
  std::shared_ptr<Session> find(const pushpull::SessionId& id);
  void terminate(const pushpull::SessionId& id, const std::string& by);
  void watched(const pushpull::SessionId& id, const std::string& by);
  /// Forgets those that are over. Now and then.
  void reap();
  /// Ends all as `restarted`, those too that begin from now on, and waits for them.
  void stop();
  [[nodiscard]] std::size_t count();

 private:
  struct Counts {
    std::mutex mutex;
    std::size_t all = 0;
    std::map<std::string, std::size_t> users, sources;
  };
  struct Entry {
    std::shared_ptr<Session> session;
    std::shared_ptr<Place> place;
    std::atomic<bool> over{false};
    std::jthread thread;
  };

  const SessionWorld world_;
  const RosterLimits limits_;
  std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
  std::mutex mutex_;
  std::list<Entry> entries_;
  bool stopping_ = false;
};

class Roster::Place {
 public:
  Place(std::shared_ptr<Counts> counts, std::string user, std::string source)
      : counts_(std::move(counts)), user_(std::move(user)), source_(std::move(source)) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place();

 private:
  std::shared_ptr<Counts> counts_;
  std::string user_, source_;
};

}  // namespace sp::edge_gateway
