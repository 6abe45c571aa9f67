#pragma once
// Keys and certificate signing requests (PKCS #10, RFC 2986) for servers.

#include <string>

#include "base/bytes/bytes.h"
#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::tls {

using SigningRequest = openssl::Handle<X509_REQ, ::X509_REQ_free>;

/// A new ECDSA P-256 key, PKCS #8 PEM.
Result<Secret> new_key();
/// The key of a PEM text without a password; `invalid_input`.
Result<openssl::Pkey> parse_key(const Secret& pem);

/// For a TLS server: alternative names, key usage and server authentication, and nothing more,
/// since some enrolment services refuse what they do not know. `alternative_names` is as OpenSSL
/// writes them ("DNS:a.example,IP:192.0.2.7"); the caller answers for the names in it.
Result<SigningRequest> signing_request(const std::string& common_name,
                                       const std::string& alternative_names, EVP_PKEY& key);
Result<Bytes> der_of(const X509_REQ& request);

}  // namespace sp::tls
