#pragma once
// The certificates that the core ordered for this edge, as files of its data folder:
//   certificate/live -> 3    what is shown: live/tls.crt (0644) and live/tls.key (0600)
//   certificate/3/ 2/        this one, and the one before it
//   certificate/orders/HEX   the key of an order under way (0600)

#include <filesystem>
#include <optional>
#include <string>

#include "base/result/result.h"
#include "base/tls/shown.h"
#include "pushpull/items/certificates.h"

namespace sp::pushpull {

class Versions {
 public:
  /// Of an edge's data folder. Makes nothing before it must. `name` of another folder than
  /// `certificate`, where the certificate is another listener's.
  explicit Versions(const std::filesystem::path& data, std::string_view name = "certificate")
      : folder_(data / name) {}

  [[nodiscard]] std::filesystem::path chain() const { return folder_ / "live" / "tls.crt"; }
  [[nodiscard]] std::filesystem::path key() const { return folder_ / "live" / "tls.key"; }
  [[nodiscard]] bool any() const;

  /// The key of this order: the one that is there, or a new one after it was written. Keys of all
  /// but the newest few orders are deleted.
  [[nodiscard]] Result<Secret> key_for(const OrderId& order) const;
  /// `not_found` when there is none.
  [[nodiscard]] Result<Secret> pending_key(const OrderId& order) const;

  /// A new folder with both files, then `live` is turned to it in one step; of the older ones the
  /// last is kept. Keys of other orders than this one are deleted.
  [[nodiscard]] Outcome publish(const tls::Identity& identity, const OrderId& order) const;
  /// Turns `live` to the version before, if there is one; else takes it away.
  [[nodiscard]] Outcome take_back() const;

 private:
  [[nodiscard]] std::filesystem::path order_file(const OrderId& order) const;
  [[nodiscard]] int live_number() const;
  [[nodiscard]] Outcome turn_to(int number) const;
  std::filesystem::path folder_;
};

}  // namespace sp::pushpull
