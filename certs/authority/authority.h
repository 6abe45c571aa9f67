#pragma once
// An internal certificate authority: one ECDSA P-256 key that signs our servers' certificates.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/openssl/handle.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"

namespace sp::certs {

inline constexpr std::chrono::days authority_life{3650};
/// The most that browsers accept of a public CA (398), less a day for clocks.
inline constexpr std::chrono::days leaf_life{397};

/// A certificate with what belongs to it, PEM.
struct Issued {
  std::string chain;  ///< leaf first, then the authority
  Secret key;         ///< PKCS #8
};

/// A host that a certificate may name, in its one form: a DNS name in lower case, also with a first
/// label "*", or an IP address.
struct Host {
  enum class Kind : std::uint8_t { dns, address } kind;
  std::string text;
  /// `invalid_input` with a sentence for anything else.
  static Result<Host> parse(std::string_view text);
  friend bool operator==(const Host&, const Host&) = default;
};

class Authority {
 public:
  /// A new one, valid for `authority_life` from an hour before `now`. `name` is its common name: 1
  /// to 64 characters.
  static Result<Authority> create(std::string_view name, Instant now, Random& random);
  /// From ca.crt and ca.key in `folder`; refuses a key that others can read or that does not match.
  static Result<Authority> load(const std::filesystem::path& folder);
  /// Writes ca.crt (0644) and ca.key (0600). `conflict` when one of them is there.
  [[nodiscard]] Outcome save(const std::filesystem::path& folder) const;

  /// A new key and a server certificate for `hosts` (at least one), valid for `leaf_life` from an
  /// hour before `now`, never longer than the authority itself.
  [[nodiscard]] Result<Issued> issue(const std::vector<Host>& hosts, Instant now,
                                     Random& random) const;
  [[nodiscard]] const X509& certificate() const { return *certificate_; }
  [[nodiscard]] std::string certificate_pem() const;

 private:
  Authority(openssl::Cert certificate, openssl::Pkey key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}
  openssl::Cert certificate_;
  openssl::Pkey key_;
};

}  // namespace sp::certs
