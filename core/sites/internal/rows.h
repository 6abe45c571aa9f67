#pragma once
// Rows of the tables sites and site_gateways. For core/sites alone.

#include "core/sites/site.h"

namespace sp::sites::rows {

/// The site with its gateways; its row is locked on PostgreSQL until the transaction ends.
Result<Site> locked(store::Transaction& transaction, std::string_view id);
Outcome insert(store::Transaction& transaction, const Site& site);
Outcome update(store::Transaction& transaction, const Site& site);
Outcome set_gateways(store::Transaction& transaction, const Site& site);
/// What only the database can tell: names that are taken, gateways that are none or another's.
struct Clash {
  std::vector<Problem> problems;
  Code code = Code::invalid_input;
};
Result<Clash> clashes(store::Transaction& transaction, const Site& site);

}  // namespace sp::sites::rows
