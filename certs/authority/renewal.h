#pragma once
// When a certificate is due: one rule for every program and command.

#include "base/openssl/handle.h"
#include "base/time/clock.h"

namespace sp::certs {

/// Two thirds of its life after it began; half, where it lives for less than ten days.
Instant renewal_due(Instant from, Instant until);
Instant renewal_due(const X509& certificate);

}  // namespace sp::certs
