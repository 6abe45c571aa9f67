#pragma once
#include <string>
#include <string_view>

#include "base/result/result.h"

namespace sp::hosts {

/// A line of OpenSSH's form: "ssh-ed25519 AAAA... comment". The comment is dropped.
struct PublicKey {
  std::string type, base64;
  std::string fingerprint;  ///< "SHA256:..." as `ssh-keygen -l` prints it
  [[nodiscard]] std::string line() const { return type + " " + base64; }
  [[nodiscard]] bool is_certificate() const;
};

inline constexpr std::size_t longest_public_key = 16U << 10U;

/// `invalid_input` unless the type is known and stands in the decoded key as well.
Result<PublicKey> parse_public_key(std::string_view line);

}  // namespace sp::hosts
