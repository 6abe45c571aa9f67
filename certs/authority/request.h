#pragma once
// Certificate signing requests (PKCS #10, RFC 2986): ours for somebody else's authority, and
// somebody's for ours.

#include <string>
#include <vector>

#include "certs/authority/make.h"

namespace sp::certs {

/// A request for a server certificate for `hosts`, PEM: subject, alternative names, key usage and
/// server authentication, and nothing more, since some enrolment services refuse what they do not
/// know (and public authorities refuse client authentication).
Result<std::string> make_request(const std::vector<Host>& hosts, EVP_PKEY& key);

struct Request {
  openssl::Pkey key;        ///< the public one
  std::vector<Host> hosts;  ///< its alternative names, or its common name where it has none
};
/// PEM. `invalid_input` when it does not parse, is not signed by its key, or names what is neither
/// a DNS name nor an address.
Result<Request> parse_request(std::string_view pem);

}  // namespace sp::certs
