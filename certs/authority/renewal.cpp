#include "certs/authority/renewal.h"

#include "base/tls/certificate.h"

namespace sp::certs {

Instant renewal_due(Instant from, Instant until) {
  const auto life = until - from;
  if (life < std::chrono::days{10}) return from + life / 2;
  return from + life / 3 * 2;
}

Instant renewal_due(const X509& certificate) {
  return renewal_due(tls::not_before(certificate), tls::not_after(certificate));
}

}  // namespace sp::certs
