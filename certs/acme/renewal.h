#pragma once
// When a certificate is due. Pure: times in, times out; but for `ask_window`.

#include <optional>
#include <string>

#include "certs/acme/session.h"

namespace sp::acme {

struct Life {
  Instant from{};
  Instant until{};
};

/// Without the CA's advice: at two thirds of the life, at one half when it is shorter than ten
/// days, and earlier by `part` (0 to 1) of a twentieth, so that not all come at once.
Instant renewal_without_advice(const Life& life, double part);
/// A point of the window: `part` 0 its start, 1 its end (RFC 9773 section 4.2).
Instant point_in(const Window& window, double part);
/// How long to let the CA be after the `failures`th failure in a row: an hour, doubling to a day,
/// never more than a third of what is left of the life.
Duration back_off(unsigned failures, Duration left);

/// The id under which the CA knows a certificate: base64url(AKI key identifier) "."
/// base64url(serial number, as in DER) (RFC 9773 section 4.1). `not_found` when it has no key
/// identifier.
Result<std::string> renewal_id(const X509& certificate);
/// Asks the CA. Nothing when it has no renewal information. The session's `retry_after` says when
/// to ask again.
Result<std::optional<Window>> ask_window(Session& session, const std::string& id);

/// 0 to 1.
double random_part(Random& random);

}  // namespace sp::acme
