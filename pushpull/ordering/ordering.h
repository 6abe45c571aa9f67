#pragma once
// The edge's side of a certificate that its core orders: docs/formats/certificates.md. The same for
// every kind of edge. The key is made here and never leaves.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/sqlite/writer.h"
#include "base/time/clock.h"
#include "pushpull/inbox/inbox.h"
#include "pushpull/ordering/delivery.h"

namespace sp::pushpull {

/// A handler that takes the items of certificates and of challenges, and hands all others on.
class Ordering final : public ItemHandler {
 public:
  /// `host`: what clients dial, and each certificate must be for. Reads the answers that stand.
  /// Everything handed in must outlive it.
  static Result<std::unique_ptr<Ordering>> open(sqlite::Writer& writer, ItemHandler& rest,
                                                const Clock& clock,
                                                const std::filesystem::path& data, std::string host,
                                                Show show);

  Outcome apply(sqlite::Database& db, const Item& item) override;
  Result<std::vector<Hash>> resync(sqlite::Database& db) override { return rest_->resync(db); }
  Result<std::uint64_t> holds(sqlite::Database& db) override { return rest_->holds(db); }
  Result<BlobResponse> blob(sqlite::Database& db, const BlobRequest& request) override {
    return rest_->blob(db, request);
  }

  /// What `path` answers to a CA; nothing for every path that is no challenge which stands. From
  /// any thread.
  [[nodiscard]] std::optional<std::string> answer(std::string_view path) const;

 private:
  struct Standing {
    std::string answer;
    Instant expires_at{};
  };
  Ordering(ItemHandler& rest, const Clock& clock, const std::filesystem::path& data,
           std::string host, Show show);
  Outcome prepare(sqlite::Database& db);
  Outcome put(sqlite::Database& db, const ChallengePut& challenge);
  Outcome remove(sqlite::Database& db, const std::string& token);
  Outcome request(sqlite::Database& db, const CertificateRequest& wanted);
  Outcome install(sqlite::Database& db, const CertificatePut& put);
  [[nodiscard]] bool may_be_for(const std::vector<std::string>& names) const;

  ItemHandler* rest_;
  const Clock* clock_;
  Delivery delivery_;
  mutable std::mutex mutex_;
  std::map<std::string, Standing, std::less<>> standing_;
};

}  // namespace sp::pushpull
