#pragma once
// What nobody asks for and must happen all the same: messages expire, the slots of ended ones are
// overwritten, their rows deleted, the write-ahead log emptied; the clock and the disk are watched.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/sqlite/writer.h"
#include "base/time/forward_clock.h"
#include "edge-selfdestruct/store/items.h"
#include "edge-selfdestruct/store/pins.h"
#include "edge-selfdestruct/store/readers.h"

namespace sp::edge_selfdestruct {

struct HousekeeperParts {
  sqlite::Writer& writer;
  Readers& readers;
  SlotFile& slots;
  Items& items;
  Random& random;
  const ForwardClock& clock;
  std::shared_ptr<Pins> pins;
  std::string directory;              ///< whose file system is watched
  Duration period;                    ///< at most 2 s: an end is followed by its shred within 5 s
  std::uint64_t disk_reserve;         ///< free bytes below which nothing new is taken
  std::function<void()> events_came;  ///< after each commit that appended events
};

class Housekeeper {
 public:
  /// Works on a thread of its own until it goes. `db` is for reading and for checkpoints.
  Housekeeper(HousekeeperParts parts, sqlite::Database db);
  ~Housekeeper();  ///< after a last round
  Housekeeper(const Housekeeper&) = delete;
  Housekeeper& operator=(const Housekeeper&) = delete;

  [[nodiscard]] std::uint64_t live() const { return live_; }
  [[nodiscard]] std::uint64_t shredded() const { return shredded_count_; }
  [[nodiscard]] bool short_of_disk() const { return short_of_disk_; }

 private:
  void work(const std::stop_token& stop);
  void round();
  Outcome expire();
  Outcome shred_overdue();
  Outcome shred_and_erase();
  Outcome shred(const std::vector<Slot>& slots);
  Result<bool> erase_some(std::span<const Slot> slots);
  Outcome checkpoint();
  Outcome watch_clock();
  Outcome watch_disk();
  Outcome count();
  Outcome warn(std::string_view code);

  HousekeeperParts parts_;
  sqlite::Database db_;
  std::set<Slot> shredded_;  // overwritten, rows not yet deleted
  bool erased_ = false;      // since the last checkpoint
  bool clock_warned_ = false;
  int rounds_ = 0;
  std::atomic<std::uint64_t> live_{0};
  std::atomic<std::uint64_t> shredded_count_{0};
  std::atomic<bool> short_of_disk_{false};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace sp::edge_selfdestruct
