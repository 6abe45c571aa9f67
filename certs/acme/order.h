#pragma once
// One order, from the names to the certificate (RFC 8555 section 7.4).

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "certs/acme/account.h"
#include "certs/acme/solver.h"

namespace sp::acme {

/// What must survive a kill, so that the next run goes on where this one ended.
struct Pending {
  std::string directory{};
  std::string url{};  ///< of the order
  std::vector<Challenge> presented{};
};
class Journal {
 public:
  virtual ~Journal() = default;
  virtual Result<std::optional<Pending>> load() = 0;
  virtual Outcome save(const Pending& pending) = 0;  ///< durable when it returns
  virtual Outcome clear() = 0;
};

struct Wanted {
  OrderRequest order{};
  Bytes csr{};                   ///< DER, for exactly these names
  std::string preferred_root{};  ///< part of the common name of the chain's last issuer; empty: any
};

/// Orders, proves, finalizes and downloads: the chain, PEM, leaf first. What an earlier run left in
/// `journal` is gone on with when it is for the same names and the CA still knows it.
///
/// Errors hold the CA's own words. A name for which no solver fits is `invalid_input`.
Result<std::string> obtain(Session& session, const Account& account, const Wanted& wanted,
                           const Solvers& solvers, Journal& journal);

/// Makes `order` ready: presents what it asks for, tells the CA, waits, and removes it again in any
/// case.
Outcome prove(Session& session, const Account& account, const Order& order, const Solvers& solvers,
              Pending& pending, Journal& journal);

/// Asks for the object at `url` as the account (POST-as-GET).
Result<Order> read_order(Session& session, const Account& account, const std::string& url);

/// The chain at `url`, or the alternate one that ends under `preferred_root`; the first again, when
/// none does.
Result<std::string> download(Session& session, const Account& account, const std::string& url,
                             std::string_view preferred_root);

}  // namespace sp::acme
