#pragma once
// Challenges answered by a program of the administrator's.

#include <filesystem>
#include <memory>

#include "base/time/clock.h"
#include "certs/acme/solver.h"

namespace sp::acme {

struct HookOptions {
  std::filesystem::path program;  ///< run without a shell
  Duration patience{120'000};     ///< then it is killed, with all that it started
};

/// dns-01: `PROGRAM present|cleanup FQDN VALUE`, as lego's `exec` provider calls it; FQDN is
/// "_acme-challenge.example.com.", VALUE the content of the TXT record. http-01: `PROGRAM
/// present|cleanup DOMAIN TOKEN KEY-AUTHORIZATION`. `present` ends with 0 when the answer can be
/// seen from outside; what the program prints goes to standard error.
std::unique_ptr<ChallengeSolver> hook(ChallengeKind kind, HookOptions options);

}  // namespace sp::acme
