#pragma once
// The edge's half of one certificate that its core orders, whatever listener it is for: a key and a
// request for it, then the chain that comes back.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sqlite/database.h"
#include "base/time/clock.h"
#include "base/tls/self_check.h"
#include "pushpull/ordering/versions.h"

namespace sp::pushpull {

/// Makes the listener show the files `Versions::chain` and `key`; fails, with the old certificate
/// kept, when it cannot.
using Show = std::function<Outcome()>;

/// What is told of it: kinds of events to the core, and how lines in the log begin.
struct DeliveryWords {
  std::string_view requested, installed, refused;
  std::string_view logged;
};

class Delivery {
 public:
  /// `host`: what clients dial, and the certificate must be for; empty: not asked.
  Delivery(const Clock& clock, Versions versions, tls::Role role, std::string host, Show show,
           const DeliveryWords& words)
      : clock_(&clock),
        versions_(std::move(versions)),
        role_(role),
        host_(std::move(host)),
        show_(std::move(show)),
        words_(words) {}

  /// Makes the order's key if it has none, and tells the core the request. `names` as OpenSSL reads
  /// a list of alternative names.
  Outcome request(sqlite::Database& db, const OrderId& order, const std::string& names) const;
  /// Shows the chain, once it is good and `fits` agrees to its names, and tells the core; else
  /// keeps what is shown and tells why. Whether it is shown.
  Result<bool> install(
      sqlite::Database& db, const CertificatePut& put,
      const std::function<Result<bool>(const std::vector<std::string>& names)>& fits) const;
  Outcome refuse(sqlite::Database& db, const OrderId& order, std::string code) const;

  [[nodiscard]] const std::string& host() const { return host_; }

 private:
  void complain(std::string_view what, const Error& why, const OrderId& order) const;

  const Clock* clock_;
  Versions versions_;
  tls::Role role_;
  std::string host_;
  Show show_;
  DeliveryWords words_;
};

}  // namespace sp::pushpull
