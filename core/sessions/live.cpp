#include "core/sessions/live.h"

#include <algorithm>
#include <thread>

#include "base/log/log.h"
#include "core/sessions/internal/recording_key.h"
#include "core/sessions/internal/rows.h"

namespace sp::sessions {
namespace {

constexpr std::uint64_t ask_at_once = 512U << 10U;
constexpr Duration look_every{400};

}  // namespace

struct Watch::State {
  Watching& all;
  Session session;
  std::string by;
  pushpull::SessionId id;
  recordings::Opener opener;
  bool over = false;
};

Watch::Watch(std::unique_ptr<State> state) : state_(std::move(state)) {}

Watch::~Watch() {
  state_->all.leave(state_->session, state_->by);
}

Outcome Watching::tell(const Session& session) const {
  std::string by;
  {
    const std::lock_guard lock{mutex_};
    const auto found = watchers_.find(session.id);
    if (found != watchers_.end()) by = found->second;
  }
  const auto id = TRY(rows::session_id(session.id));
  return context_.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto now_known = TRY(rows::locked(transaction, session.id));
    if (!now_known || !is_open(now_known->state)) return {};
    TRY(rows::queue(context_, transaction, session.edge, pushpull::kind::session_watched, id,
                    pushpull::encode(pushpull::SessionWatched{by})));
    transaction.after_commit([&] { links_.wake(session.edge); });
    return {};
  });
}

void Watching::leave(const Session& session, const std::string& by) {
  {
    const std::lock_guard lock{mutex_};
    const auto [first, last] = watchers_.equal_range(session.id);
    const auto mine = std::find_if(first, last, [&](const auto& one) { return one.second == by; });
    if (mine != last) watchers_.erase(mine);
  }
  const auto told = tell(session);
  if (!told) log::warning("watch_end_not_told", {{"code", sp::name(told.error().code())}});
}

Result<std::shared_ptr<Watch>> Watching::begin(const access::Permit& permit,
                                               const Session& session) {
  permit.expect(access::Action::host_sessions_watch);
  if (!session.record) return Error{Code::not_found, "watch: the session is not recorded"};
  if (!is_open(session.state)) return Error{Code::conflict, "watch: the session is over"};
  const auto id = TRY(rows::session_id(session.id));
  auto key = TRY(recording_key(context_, session.id));
  const auto& actor = permit.actor();
  const auto by = actor.name.empty() ? actor.login : actor.name;
  {
    const std::lock_guard lock{mutex_};
    if (watchers_.size() >= most) return Error{Code::too_many, "watch: too many at once"};
    watchers_.emplace(session.id, by);
  }
  // From here on the entry goes with the watch.
  std::shared_ptr<Watch> watch{new Watch{std::unique_ptr<Watch::State>{
      new Watch::State{*this, session, by, id, recordings::Opener{id, std::move(key)}}}}};
  TRY(context_.audit.append(context_.store, {audit::Event::host_session_watched,
                                             audit::Ending::success,
                                             access::who(actor),
                                             {"host_session", session.id, session.host_name},
                                             actor.source,
                                             {}}));
  TRY(tell(session));
  return watch;
}

Result<std::optional<Secret>> Watch::next(Duration patience) {
  auto& [all, session, by, id, opener, over] = *state_;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!all.stopping_) {
    const auto part =
        all.links_.blob(session.edge, {bytes::copy(id), opener.wanted(), ask_at_once});
    if (part && !part->data.empty()) {
      auto text = TRY(opener.take(part->data));
      if (!text.empty()) return std::optional{std::move(text)};
      continue;
    }
    if (over || opener.is_finished()) return std::optional<Secret>{};
    // Once more after the end: it may have written its last chunk meanwhile.
    const auto known = TRY(find(all.context_.store, session.id));
    over = !is_open(known.state);
    if (over) continue;
    if (std::chrono::steady_clock::now() >= end) return std::optional{Secret{}};
    std::this_thread::sleep_for(look_every);
  }
  return std::optional<Secret>{};
}

}  // namespace sp::sessions
