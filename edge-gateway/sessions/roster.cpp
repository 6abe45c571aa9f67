#include "edge-gateway/sessions/roster.h"

#include <exception>

#include "base/log/log.h"

namespace sp::edge_gateway {
namespace {

std::size_t of(const std::map<std::string, std::size_t>& counts, const std::string& key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

void take_one(std::map<std::string, std::size_t>& counts, const std::string& key) {
  const auto found = counts.find(key);
  if (--found->second == 0) counts.erase(found);
}

void run(Session& session) {
  try {
    session.run();
  } catch (const std::exception& cause) {
    log::error("session_failed", {{"cause", cause.what()}});
  }
}

}  // namespace

Roster::Place::~Place() {
  const std::lock_guard lock{counts_->mutex};
  --counts_->all;
  take_one(counts_->users, user_);
  take_one(counts_->sources, source_);
}

Roster::~Roster() {
  stop();
}

bool Roster::has_room(const std::string& source) {
  const std::lock_guard lock{counts_->mutex};
  return counts_->all < limits_.sessions &&
         of(counts_->sources, source) < limits_.sessions_per_source;
}

std::shared_ptr<Roster::Place> Roster::claim(const std::string& user, const std::string& source) {
  const std::lock_guard lock{counts_->mutex};
  if (counts_->all >= limits_.sessions || of(counts_->users, user) >= limits_.sessions_per_user ||
      of(counts_->sources, source) >= limits_.sessions_per_source)
    return nullptr;
  ++counts_->all;
  ++counts_->users[user];
  ++counts_->sources[source];
  return std::make_shared<Place>(counts_, user, source);
}

std::shared_ptr<Session> Roster::begin(const pushpull::TicketId& ticket, Redeemed redeemed,
                                       PageLink page, std::string term,
                                       std::shared_ptr<Place> place) {
  auto session = std::make_shared<Session>(world_, ticket, std::move(redeemed), std::move(page),
                                           std::move(term));
  const std::lock_guard lock{mutex_};
  auto& entry = entries_.emplace_back();
  entry.session = session;
  entry.place = std::move(place);
  if (stopping_) session->restart();
  entry.thread = std::jthread{[&entry, session] {
    run(*session);
    entry.over = true;
  }};
  return session;
}

std::shared_ptr<Session> Roster::find(const pushpull::SessionId& id) {
  const std::lock_guard lock{mutex_};
  for (const auto& entry : entries_)
    if (entry.session->id() == id && !entry.over) return entry.session;
  return nullptr;
}

void Roster::terminate(const pushpull::SessionId& id, const std::string& by) {
  if (const auto session = find(id)) session->terminate(by);
}

void Roster::watched(const pushpull::SessionId& id, const std::string& by) {
  if (const auto session = find(id)) session->watched(by);
}

void Roster::reap() {
  std::list<Entry> over;
  const std::lock_guard lock{mutex_};
  for (auto at = entries_.begin(); at != entries_.end();) {
    const auto one = at++;
    if (one->over) over.splice(over.end(), entries_, one);
  }
}

void Roster::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    for (const auto& entry : entries_) entry.session->restart();
  }
  while (true) {
    std::list<Entry> ending;
    {
      const std::lock_guard lock{mutex_};
      std::swap(ending, entries_);
    }
    if (ending.empty()) return;
  }
}

std::size_t Roster::count() {
  const std::lock_guard lock{mutex_};
  return entries_.size();
}

}  // namespace sp::edge_gateway
