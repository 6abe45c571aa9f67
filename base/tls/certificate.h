#pragma once
// What we ask of a certificate: who it is for, until when, and its pin.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/openssl/crypto.h"
#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/time/clock.h"

namespace sp::tls {

/// The first certificate of a PEM text.
Result<openssl::Cert> parse_certificate(std::string_view pem);
/// All of them, in their order; at least one.
Result<std::vector<openssl::Cert>> parse_chain(std::string_view pem);

Result<Bytes> der_of(const X509& certificate);
/// `invalid_input` for anything that is not one certificate in DER.
Result<openssl::Cert> parse_der(BytesView der);

/// SHA-256 of the SubjectPublicKeyInfo (as in RFC 7469): stays the same when a certificate is
/// renewed with its key.
openssl::Digest spki_pin(const X509& certificate);
Instant not_before(const X509& certificate);
Instant not_after(const X509& certificate);
/// The DNS names and IP addresses that it is for, as text.
std::vector<std::string> names(const X509& certificate);

/// Whether a client that asks for `host` (a name, or an IP address as text) accepts these names:
/// the same name whatever its case, the same address, or `*.` in place of the first label (RFC 6125
/// section 6.4.3).
bool covers(const std::vector<std::string>& names, std::string_view host);

/// The host of `https://host[:port][/…]`, without the brackets of an IPv6 address; empty when there
/// is none.
std::string host_of(std::string_view url);

/// What there is to be told of a certificate.
struct Facts {
  std::vector<std::string> names;  ///< as `names` gives them
  std::string subject, issuer;     ///< their common names, or all of it where there is none
  Instant not_before{}, not_after{};
  openssl::Digest fingerprint{};  ///< SHA-256 of the whole certificate (DER)
  openssl::Digest pin{};          ///< `spki_pin`
};
Facts facts(const X509& certificate);

/// Makes every client connection of `context` accept exactly the peers whose leaf has this pin; no
/// CA and no date is asked. A different key ends as X509_V_ERR_CERT_REJECTED in the verify result
/// (and ends the handshake where the connection verifies). For contexts that a library made:
/// httplib::SSLClient::ssl_context().
Outcome require_pin(SSL_CTX* context, const openssl::Digest& pin);

}  // namespace sp::tls
