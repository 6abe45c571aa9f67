#include "edge-selfdestruct/store/housekeeper.h"

#include <sys/statvfs.h>

#include <utility>

#include "base/log/log.h"
#include "pushpull/inbox/inbox.h"

namespace sp::edge_selfdestruct {
namespace {

using namespace std::chrono_literals;

constexpr int at_once = 200;        // messages expired or erased in one transaction
constexpr int pieces_at_once = 64;  // 8 MiB of a large message
constexpr int ended_at_once = 2'000;
constexpr int slow_rounds = 10;  // what need not happen in each round

void report(std::string_view what, const Outcome& outcome) {
  if (!outcome) log::error(what, outcome.error());
}

}  // namespace

Housekeeper::Housekeeper(HousekeeperParts parts, sqlite::Database db)
    : parts_(std::move(parts)),
      db_(std::move(db)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Housekeeper::~Housekeeper() {
  thread_.request_stop();
  thread_.join();
}

void Housekeeper::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    round();
    std::unique_lock lock{mutex_};
    wake_.wait_for(lock, stop, parts_.period, [] { return false; });
  }
  round();
}

void Housekeeper::round() {
  const auto expired = expire();
  report("expire_failed", expired);
  if (!expired) report("shred_failed", shred_overdue());
  report("erase_failed", shred_and_erase());
  report("clock_failed", watch_clock());
  report("disk_failed", watch_disk());
  report("count_failed", count());
  ++rounds_;
}

Outcome Housekeeper::expire() {
  bool more = TRY(sweep_needed(db_, parts_.clock.now()));
  while (more) {
    const auto job = [&](sqlite::Database& db) -> Outcome {
      more = TRY(sweep({db, parts_.slots, parts_.random, parts_.clock.now()}, at_once));
      return {};
    };
    TRY(parts_.writer.run(job));
    parts_.events_came();
  }
  return {};
}

// The disk may be too full to write an end. The key goes all the same: it is overwritten in place.
Outcome Housekeeper::shred_overdue() {
  constexpr int most = 100'000;
  const auto slots = TRY(overdue_slots(db_, parts_.clock.now(), most));
  return shred(slots);
}

Outcome Housekeeper::shred_and_erase() {
  bool more = true;
  while (more) {
    const auto slots = TRY(ended(db_, ended_at_once));
    TRY(shred(slots));
    bool progress = false;
    for (std::size_t at = 0; at < slots.size(); at += at_once) {
      const auto some =
          std::span{slots}.subspan(at, std::min<std::size_t>(at_once, slots.size() - at));
      progress = TRY(erase_some(some)) || progress;
    }
    more = progress;
    erased_ = erased_ || progress;
  }
  return checkpoint();
}

Outcome Housekeeper::shred(const std::vector<Slot>& slots) {
  std::vector<Slot> fresh;
  for (const auto slot : slots)
    if (!shredded_.contains(slot)) fresh.push_back(slot);
  if (fresh.empty()) return {};
  TRY(parts_.slots.shred(fresh));
  shredded_.insert(fresh.begin(), fresh.end());
  shredded_count_ += fresh.size();
  return {};
}

// True when something was deleted. What is being sent just now stays for a later round.
Result<bool> Housekeeper::erase_some(std::span<const Slot> slots) {
  std::vector<Slot> gone;
  bool progress = false;
  const auto job = [&](sqlite::Database& db) -> Outcome {
    int budget = at_once;
    for (const auto slot : slots) {
      if (budget <= 0) break;
      if (parts_.pins->holds(slot)) continue;
      const bool whole = TRY(erase(db, slot, pieces_at_once));
      if (whole) gone.push_back(slot);
      budget -= whole ? 1 : at_once;
      progress = true;
    }
    return {};
  };
  TRY(parts_.writer.run(job));
  for (const auto slot : gone) {
    shredded_.erase(slot);
    parts_.slots.release(slot);
  }
  return progress;
}

// Only TRUNCATE empties the log, so that deleted rows do not stand in it.
Outcome Housekeeper::checkpoint() {
  const auto alone = parts_.readers.without_snapshots();  // each round: none grows old
  if (!erased_) return {};
  auto result = TRY(db_.query("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (TRY(result.step()) && result.integer(0) == 0) erased_ = false;  // else busy: again later
  return {};
}

Outcome Housekeeper::watch_clock() {
  const bool behind = parts_.clock.behind() > 1s;
  if (behind && !clock_warned_) {
    log::warning("clock_ran_back", {{"milliseconds", parts_.clock.behind().count()}});
    TRY(warn("clock_ran_back"));
  }
  clock_warned_ = behind;
  if (rounds_ % (3 * slow_rounds) != 0) return {};
  return parts_.writer.run([now = parts_.clock.now()](sqlite::Database& db) -> Outcome {
    TRY(db.run("UPDATE portal SET clock = ?1 WHERE one = 1 AND clock < ?1", to_millis(now)));
    return {};
  });
}

Outcome Housekeeper::watch_disk() {
  struct statvfs about {};
  if (::statvfs(parts_.directory.c_str(), &about) != 0)
    return Error{Code::unavailable, "cannot look at the disk"};
  const auto free = std::uint64_t{about.f_bavail} * about.f_frsize;
  const bool is_short = free < parts_.disk_reserve;
  if (is_short == short_of_disk_) return {};
  short_of_disk_ = is_short;
  parts_.items.short_of_disk(is_short);
  log::warning(is_short ? "disk_full" : "disk_ok", {{"free_bytes", free}});
  return warn(is_short ? "disk_full" : "disk_ok");
}

Outcome Housekeeper::count() {
  constexpr std::uint64_t quick = 20'000;
  if (live_ > quick && rounds_ % slow_rounds != 0) return {};
  live_ = TRY(count_live(db_));
  parts_.items.known_holds(live_);
  return {};
}

Outcome Housekeeper::warn(std::string_view code) {
  const auto job = [&](sqlite::Database& db) -> Outcome {
    TRY(pushpull::append_event(db, pushpull::kind::edge_warning, {}, parts_.clock.now(),
                               pushpull::encode(pushpull::EdgeWarning{std::string{code}})));
    return {};
  };
  TRY(parts_.writer.run(job));
  parts_.events_came();
  return {};
}

}  // namespace sp::edge_selfdestruct
