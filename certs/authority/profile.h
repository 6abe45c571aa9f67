#pragma once
// The kinds of certificate that we make, as one table: what each may do and how long it lives.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/time/clock.h"

namespace sp::certs {

enum class Profile : std::uint8_t {
  root,           ///< a site's authority, installed in trust stores
  intermediate,   ///< signs for a root that stays off line
  server,         ///< what browsers see
  core_identity,  ///< the core on the link to its edges
  edge_identity,  ///< an edge on that link
  self_signed,    ///< one certificate that vouches for itself
};

enum class KeyKind : std::uint8_t { p256, p384, rsa2048, rsa3072 };

struct Rules {
  Profile profile;
  std::string_view name;
  bool authority;
  std::chrono::days life;      ///< unless somebody says otherwise
  std::chrono::days longest;   ///< what may be asked for
  std::chrono::minutes early;  ///< it begins so much before it is made, for clocks that are behind
  std::string_view key_usage;  ///< in OpenSSL's words; critical
  std::string_view extended;   ///< extended key usage; empty: none is stated
};

const Rules& rules(Profile profile);
std::span<const Rules> all_rules();
/// By the names of the table and of `--profile`: `invalid_input` names those that exist.
Result<Profile> profile_named(std::string_view name);

/// "p256" and so on; `invalid_input` names those that exist.
Result<KeyKind> key_kind_named(std::string_view name);
Result<openssl::Pkey> new_key(KeyKind kind);

/// The longest life that the CA/Browser Forum's Baseline Requirements (2.2.6, section 6.3.2) allow
/// a certificate made at `at`.
std::chrono::days longest_public_life(Instant at);

struct Validity {
  Instant from;
  Instant until;  ///< the last second that belongs to it (RFC 5280 section 4.1.2.5)
};

/// From `early` before `now` for `life` (the profile's, if none is said), to the second: N days are
/// N * 86400 seconds, the first and the last included. Ends with the issuer at the latest.
/// `invalid_input` when longer than the profile allows (or than `longest_public_life`, for
/// `is_public`), `expired` when the issuer has ended.
Result<Validity> validity(const Rules& rules, Instant now, std::optional<std::chrono::days> life,
                          bool is_public, std::optional<Instant> issuer_end);

}  // namespace sp::certs
