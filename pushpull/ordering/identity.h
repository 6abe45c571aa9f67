#pragma once
// The edge's identity on the link: a certificate that its core signs for the intake, short-lived
// and renewed over the link itself (docs/formats/certificates.md). The key is made here
// for each one and never leaves.

#include <functional>
#include <memory>

#include "base/time/clock.h"
#include "pushpull/inbox/inbox.h"
#include "pushpull/ordering/versions.h"

namespace sp::pushpull {

/// A handler that takes the items of identities, and hands all others on.
class Identity final : public ItemHandler {
 public:
  /// Makes the intake show the files `Versions::chain` and `key` of `versions_of`; fails, with the
  /// old certificate kept, when it cannot.
  using Show = std::function<Outcome()>;

  /// Everything handed in must outlive it.
  Identity(ItemHandler& rest, const Clock& clock, const std::filesystem::path& data, Show show)
      : rest_(&rest), clock_(&clock), versions_(versions_of(data)), show_(std::move(show)) {}
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
  Outcome request(sqlite::Database& db, const CertificateRequest& wanted);
  Outcome install(sqlite::Database& db, const CertificatePut& put);
  Outcome refuse(sqlite::Database& db, const OrderId& order, std::string code);

  ItemHandler* rest_;
  const Clock* clock_;
  Versions versions_;
  Show show_;
};

}  // namespace sp::pushpull
