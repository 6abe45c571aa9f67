#pragma once
// A second implementation's opinion of a path: Mbed TLS. It knows less than OpenSSL (no name
// constraints, no Ed25519, before 3.5 no addresses), so it is asked about one path at a time, and
// what it does not know is left to `judge`. It can refuse what OpenSSL wrongly accepts.

#include <span>
#include <string>

#include "certs/verify/verify.h"

namespace sp::certs::verify {

struct Opinion {
  bool accepted = false;
  std::string reason;
};

/// Of `path` (leaf first, root last); where that is empty, of the question's leaf with all
/// intermediates and roots.
Opinion opinion_of_mbedtls(const Question& question, std::span<const Certificate* const> path);

}  // namespace sp::certs::verify
