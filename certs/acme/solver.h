#pragma once
// How a challenge is answered where the CA looks for it.

#include <memory>
#include <string>
#include <vector>

#include "base/result/result.h"

namespace sp::acme {

enum class ChallengeKind : std::uint8_t { http_01, dns_01 };

struct Challenge {
  ChallengeKind kind = ChallengeKind::http_01;
  std::string domain{};  ///< without the "*." of a wildcard; or an IP address
  std::string token{};   ///< base64url, 16 to 128 characters
  std::string
      key_authorization{};  ///< what http://<domain>/.well-known/acme-challenge/<token> says

  /// The TXT record of `record_name` (RFC 8555 section 8.4).
  [[nodiscard]] std::string record() const;
  [[nodiscard]] std::string record_name() const;  ///< "_acme-challenge.<domain>."
  friend bool operator==(const Challenge&, const Challenge&) = default;
};

/// Puts answers where a CA finds them, and takes them away. Several challenges stand at the same
/// time, also several of one domain. Errors are sentences for an administrator.
class ChallengeSolver {
 public:
  virtual ~ChallengeSolver() = default;
  [[nodiscard]] virtual ChallengeKind kind() const = 0;
  /// Returns when the answer can be seen from outside: for a site with several edges on every one
  /// of them, because a CA looks from several places. Presenting the same one again is no error.
  virtual Outcome present(const Challenge& challenge) = 0;
  /// Also of one that is not there, or that an earlier run of the program left: no error.
  virtual Outcome remove(const Challenge& challenge) = 0;
};

using Solvers = std::vector<std::unique_ptr<ChallengeSolver>>;

}  // namespace sp::acme
