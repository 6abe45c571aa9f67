#pragma once
// Puts a certificate together and signs it. What it says is decided by the profile's rules; no
// other file of certs/ builds one.

#include <optional>
#include <string>
#include <vector>

#include "base/openssl/handle.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "certs/authority/constraints.h"
#include "certs/authority/host.h"
#include "certs/authority/profile.h"

namespace sp::certs {

/// A certificate and the key it was made for. The key may be absent where it is kept elsewhere.
struct Signer {
  openssl::Cert certificate;
  openssl::Pkey key;
};

struct Spec {
  Profile profile = Profile::server;
  std::string common_name;  ///< empty: no subject at all
  std::vector<Host> hosts;
  std::string uri;  ///< of an identity: "sallyport://SITE/edge/NAME"
  Validity validity;
  std::optional<int> path_length;  ///< of an authority: how many others may stand below it
  Constraints constraints{.any = true};
};

/// A certificate for `key` that `issuer` signed; with null, one that signs itself.
Result<openssl::Cert> make_certificate(const Spec& spec, EVP_PKEY& key, const Signer* issuer,
                                       EVP_PKEY* signing_key, Random& random);

/// The common name that a certificate for `hosts` gets: its first DNS name of at most 64 bytes.
std::string common_name_of(const std::vector<Host>& hosts);
/// "DNS:a.example,IP:192.0.2.7,URI:..." as OpenSSL's configuration writes it.
std::string alternative_names(const std::vector<Host>& hosts, std::string_view uri = {});
/// The hosts that a certificate names.
Result<std::vector<Host>> hosts_of(const X509& certificate);
/// The URI of an identity; empty for all others.
std::string uri_of(const X509& certificate);

std::string pem_of(const X509& certificate);
Result<Secret> pem_of(const EVP_PKEY& key);
/// PKCS #8, encrypted with AES-256 under `password` unless it is empty.
Result<Secret> pem_of(const EVP_PKEY& key, const Secret& password);
/// `unauthenticated` when it is encrypted and `password` does not open it.
Result<openssl::Pkey> parse_key(const Secret& pem, const Secret& password);
/// What was written to a memory BIO.
std::string_view content_of(const openssl::Bio& bio);
/// Lower-case hex of the serial number.
std::string serial_of(const X509& certificate);

}  // namespace sp::certs
