#pragma once
#include <map>
#include <memory>
#include <mutex>

#include "edge-selfdestruct/store/slots.h"

namespace sp::edge_selfdestruct {

/// Messages whose content is being sent just now: their rows are not deleted yet. The slot is
/// shredded all the same; who sends holds the key in memory. Safe from every thread.
class Pins {
 public:
  /// Held until the last copy of what it gives goes.
  static std::shared_ptr<void> hold(const std::shared_ptr<Pins>& pins, Slot slot) {
    const std::scoped_lock lock{pins->mutex_};
    ++pins->counts_[slot];
    return {nullptr, [pins, slot](void*) { pins->drop(slot); }};
  }
  [[nodiscard]] bool holds(Slot slot) const {
    const std::scoped_lock lock{mutex_};
    return counts_.contains(slot);
  }

 private:
  void drop(Slot slot) {
    const std::scoped_lock lock{mutex_};
    const auto found = counts_.find(slot);
    if (--found->second == 0) counts_.erase(found);
  }
  mutable std::mutex mutex_;
  std::map<Slot, int> counts_;
};

}  // namespace sp::edge_selfdestruct
