#pragma once
// What RFC 5280 and the Baseline Requirements ask of a path beyond what OpenSSL checks.

#include <span>

#include "certs/verify/verify.h"

namespace sp::certs::verify {

/// A path from leaf to trusted root.
using Path = std::span<const Certificate* const>;

/// The first broken rule, as a sentence that says what to do; nothing when all hold.
std::optional<std::string> broken_rule(Path path, const Question& question,
                                       const PublicSuffixes& suffixes);

}  // namespace sp::certs::verify
