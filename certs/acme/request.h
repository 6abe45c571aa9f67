#pragma once
// The key and the certificate signing request for an order.

#include <vector>

#include "base/bytes/bytes.h"
#include "base/openssl/handle.h"
#include "base/secret/secret.h"
#include "certs/authority/host.h"

namespace sp::acme {

/// A new ECDSA P-256 key, PKCS #8 PEM.
Result<Secret> new_certificate_key();
/// A request (DER, PKCS #10) for `hosts`, signed with the key in `key_pem`.
Result<Bytes> request_for(const std::vector<certs::Host>& hosts, const Secret& key_pem);
/// `corrupt` unless the chain's leaf is for `hosts` and for the key.
Outcome check_issued(std::string_view chain_pem, const std::vector<certs::Host>& hosts,
                     const Secret& key_pem);
/// The same of a key, which may be the public one of a request.
Outcome check_issued(std::string_view chain_pem, const std::vector<certs::Host>& hosts,
                     const EVP_PKEY& key);

}  // namespace sp::acme
