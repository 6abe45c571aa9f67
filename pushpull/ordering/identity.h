#pragma once
// The edge's identity on the link: a certificate that its core signs for the intake, short-lived
// and renewed over the link itself (docs/formats/certificates.md). The key is made here
// for each one and never leaves.

#include "pushpull/inbox/inbox.h"
#include "pushpull/ordering/delivery.h"

namespace sp::pushpull {

/// A handler that takes the items of identities, and hands all others on.
class Identity final : public ItemHandler {
 public:
  /// `show` is of the intake, with the files of `versions_of`. Everything handed in must outlive
  /// it.
  Identity(ItemHandler& rest, const Clock& clock, const std::filesystem::path& data, Show show);
  /// Where they stand in an edge's data folder: beside those of the public listener.
  static Versions versions_of(const std::filesystem::path& data) {
    return Versions{data, "identity"};
  }

  Outcome apply(sqlite::Database& db, const Item& item) override;
  Result<std::vector<Hash>> resync(sqlite::Database& db) override { return rest_->resync(db); }
  Result<std::uint64_t> holds(sqlite::Database& db) override { return rest_->holds(db); }
  Result<BlobResponse> blob(sqlite::Database& db, const BlobRequest& request) override {
    return rest_->blob(db, request);
  }

 private:
  ItemHandler* rest_;
  Delivery delivery_;
};

}  // namespace sp::pushpull
