#pragma once
// The authority of the link: signs what edges show to this core, and to nobody else. It stands in
// no trust store, and nothing that it signs is asked for anywhere but on the link.

#include <string>

#include "base/bytes/bytes.h"
#include "base/openssl/handle.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"
#include "certs/authority/make.h"

namespace sp::identities {

struct NewAuthority {
  std::string certificate;  ///< PEM
  Secret key;               ///< PKCS #8, PEM
};
Result<NewAuthority> make_authority(Instant now, Random& random);
Result<certs::Signer> parse_authority(std::string_view certificate, const Secret& key);

/// The name of an edge on the link.
std::string uri_of(std::string_view edge);

/// The key that a request (PKCS #10, DER) asks for and was signed with; nothing else of it counts.
Result<openssl::Pkey> requested_key(BytesView csr);
/// 30 days, from 5 minutes ago.
Result<openssl::Cert> sign(const certs::Signer& authority, EVP_PKEY& key, std::string_view edge,
                           Instant now, Random& random);
/// How long after its end an identity still says which edge this is, so that one that was away can
/// be given the next.
inline constexpr Duration grace = std::chrono::days{90};
/// Whether `authority` signed this for this edge, and it began and did not end longer ago than
/// `grace`.
bool is_identity_of(const X509& leaf, X509& authority, std::string_view edge, Instant now);
/// The end of an authority (PEM).
Result<Instant> end_of(std::string_view certificate);

}  // namespace sp::identities
