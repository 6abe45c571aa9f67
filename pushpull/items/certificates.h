#pragma once
// Items and events by which the core orders an edge's certificate: docs/formats/certificates.md.
// The same for every kind of edge. The key never travels.

#include "pushpull/items/items.h"

namespace sp::pushpull {

using OrderId = std::array<std::byte, 16>;

namespace kind {  // of items
inline constexpr std::string_view challenge_put = "challenge.put";
inline constexpr std::string_view challenge_remove = "challenge.remove";
inline constexpr std::string_view certificate_request = "certificate.request";
inline constexpr std::string_view certificate_put = "certificate.put";
// of events
inline constexpr std::string_view certificate_requested = "certificate.requested";
inline constexpr std::string_view certificate_installed = "certificate.installed";
inline constexpr std::string_view certificate_refused = "certificate.refused";

// The same bodies, of the edge's own identity on the link: the request names it by one URI.
inline constexpr std::string_view identity_request = "identity.request";      // an item
inline constexpr std::string_view identity_put = "identity.put";              // an item
inline constexpr std::string_view identity_requested = "identity.requested";  // an event
inline constexpr std::string_view identity_installed = "identity.installed";  // an event
inline constexpr std::string_view identity_refused = "identity.refused";      // an event
}  // namespace kind

inline constexpr std::size_t least_token = 16;  ///< base64url, as RFC 8555 section 8.3 has it
inline constexpr std::size_t most_token = 128;
inline constexpr std::size_t most_order_names = 100;
inline constexpr std::size_t most_order_name = 255;
inline constexpr std::size_t most_request = 16U << 10U;
inline constexpr std::size_t most_chain = 64U << 10U;

struct ChallengePut {
  std::string token;
  std::string answer;  ///< the token, ".", the thumbprint of the account's key
  Instant expires_at{};
};
struct ChallengeRemove {
  std::string token;
};
struct CertificateRequest {
  OrderId order{};
  std::vector<std::string> names;  ///< DNS names ("*." in front of a wildcard's) and IP addresses
};
struct CertificatePut {
  OrderId order{};
  Bytes chain;  ///< PEM, leaf first
};

struct CertificateRequested {
  OrderId order{};
  Bytes csr;  ///< PKCS #10, DER
};
struct CertificateInstalled {
  OrderId order{};
  Hash fingerprint{};
};
struct CertificateRefused {
  OrderId order{};
  std::string code;  ///< refused_names, unknown_order, wrong_certificate, not_written
};

Bytes encode(const ChallengePut& body);
Bytes encode(const ChallengeRemove& body);
Bytes encode(const CertificateRequest& body);
Bytes encode(const CertificatePut& body);
Bytes encode(const CertificateRequested& body);
Bytes encode(const CertificateInstalled& body);
Bytes encode(const CertificateRefused& body);

// All fail with `invalid_input` on anything that `encode` would not have written, and on what is
// beyond the limits above. A token is base64url and its answer begins with it, so that neither can
// be a path or a page.
Result<ChallengePut> decode_challenge_put(BytesView body);
Result<ChallengeRemove> decode_challenge_remove(BytesView body);
Result<CertificateRequest> decode_certificate_request(BytesView body);
Result<CertificatePut> decode_certificate_put(BytesView body);
Result<CertificateRequested> decode_certificate_requested(BytesView body);
Result<CertificateInstalled> decode_certificate_installed(BytesView body);
Result<CertificateRefused> decode_certificate_refused(BytesView body);

/// 16 to 128 characters of base64url.
bool is_token(std::string_view text);

}  // namespace sp::pushpull
