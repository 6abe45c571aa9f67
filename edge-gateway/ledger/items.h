#pragma once
// What the core asks of a gateway: pushpull's items applied.

#include <atomic>
#include <filesystem>
#include <functional>

#include "base/time/clock.h"
#include "edge-gateway/ledger/rows.h"
#include "pushpull/inbox/inbox.h"

namespace sp::edge_gateway {

/// What the core wants of sessions that run. A session may be unknown. Nothing here may block.
struct Wishes {
  using Wish = std::function<void(const pushpull::SessionId&, const std::string& by)>;
  Wish terminate = [](const auto&, const auto&) {};  ///< it is over soon after
  Wish watched = [](const auto&, const auto&) {};    ///< `by` is empty when nobody looks on
};

/// On the writer's thread, but for `short_of_disk`.
class Items final : public pushpull::ItemHandler {
 public:
  Items(const Clock& clock, std::filesystem::path recordings)
      : clock_(&clock), recordings_(std::move(recordings)) {}

  /// Before the first item comes.
  void tell(Wishes wishes) { wishes_ = std::move(wishes); }
  /// While set, no ticket is taken.
  void short_of_disk(bool is_short) { short_of_disk_ = is_short; }

  Outcome apply(sqlite::Database& db, const pushpull::Item& item) override;
  Result<std::vector<pushpull::Hash>> resync(sqlite::Database& db) override;
  Result<std::uint64_t> holds(sqlite::Database& db) override;
  Result<pushpull::BlobResponse> blob(sqlite::Database& db,
                                      const pushpull::BlobRequest& request) override;

 private:
  Outcome apply_ticket(sqlite::Database& db, const pushpull::Item& item) const;
  Outcome apply_session(sqlite::Database& db, const pushpull::Item& item) const;
  Outcome drop_recording(sqlite::Database& db, const pushpull::SessionId& session) const;

  const Clock* clock_;
  std::filesystem::path recordings_;
  Wishes wishes_;
  std::atomic<bool> short_of_disk_{false};
};

}  // namespace sp::edge_gateway
