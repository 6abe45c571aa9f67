#pragma once
// What an authority took back, and the list that says so (RFC 5280 section 5).

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/time/clock.h"
#include "certs/authority/make.h"

namespace sp::certs {

struct Revocation {
  std::string serial;  ///< lower-case hex
  Instant at;
  std::string reason;  ///< one of `revocation_reasons`
};

/// "unspecified", "keyCompromise", "superseded", "cessationOfOperation".
std::span<const std::string_view> revocation_reasons();

/// The file `revoked` of an authority's folder: one line a certificate. Missing: none.
Result<std::vector<Revocation>> read_revoked(const std::filesystem::path& folder);
/// Adds one; doing it again changes nothing. `invalid_input` for an unknown reason or no serial.
Outcome revoke(const std::filesystem::path& folder, const Revocation& revocation);

/// Clients take a list for this long.
inline constexpr std::chrono::days crl_life{7};
/// Signs the list and writes it as ca.crl beside; its number is one more than that of the list it
/// replaces.
Outcome write_crl(const std::filesystem::path& folder, const Signer& issuer, Instant now);

}  // namespace sp::certs
