#pragma once
// What each family of clients says of a server's certificate, beyond the rules that all share.

#include <string_view>
#include <vector>

#include "certs/x509/view.h"

namespace sp::certs::lint {

struct ClientOpinion {
  std::string_view client;  ///< "Apple"
  bool accepts = true;
  std::string_view sentence;  ///< why not, and what to do; or what to know
};

/// One for each family, in a fixed order. `is_public`: the chain leads to a root that the clients
/// bring with them.
std::vector<ClientOpinion> client_opinions(const View& leaf, bool is_public);

}  // namespace sp::certs::lint
