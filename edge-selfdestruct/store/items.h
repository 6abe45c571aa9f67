#pragma once
// What the core asks of the portal: pushpull's items applied to the store.

#include <atomic>

#include "edge-selfdestruct/store/life.h"
#include "pushpull/inbox/inbox.h"

namespace sp::edge_selfdestruct {

/// On the writer's thread, but for `short_of_disk` and `known_holds`.
class Items final : public pushpull::ItemHandler {
 public:
  Items(SlotFile& slots, Random& random, const Clock& clock)
      : slots_(&slots), random_(&random), clock_(&clock) {}

  Outcome apply(sqlite::Database& db, const pushpull::Item& item) override;
  Result<std::vector<pushpull::Hash>> resync(sqlite::Database& db) override;
  Result<std::uint64_t> holds(sqlite::Database& db) override;

  /// While set, nothing new is taken: what stands must be able to end.
  void short_of_disk(bool is_short) { short_of_disk_ = is_short; }
  /// What the housekeeping counted last; used where counting exactly would take long.
  void known_holds(std::uint64_t count) { holds_ = count; }

 private:
  [[nodiscard]] Scene scene(sqlite::Database& db) const {
    return {db, *slots_, *random_, clock_->now()};
  }
  Outcome put_chunk(const Scene& scene, const Digest& id, BytesView body);
  Outcome put(const Scene& scene, const Digest& id, BytesView body);

  SlotFile* slots_;
  Random* random_;
  const Clock* clock_;
  std::atomic<bool> short_of_disk_{false};
  std::atomic<std::uint64_t> holds_{0};
};

/// Messages that live, by counting them all.
Result<std::uint64_t> count_live(sqlite::Database& db);

}  // namespace sp::edge_selfdestruct
