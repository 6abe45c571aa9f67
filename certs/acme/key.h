#pragma once
// An account's key: ECDSA P-256, for ES256 (RFC 7518 section 3.4).

#include <string>
#include <string_view>

#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::acme {

class Key {
 public:
  static Result<Key> create();
  /// From PEM (PKCS #8 or SEC 1). `invalid_input` unless it is a key on P-256.
  static Result<Key> parse(const Secret& pem);
  [[nodiscard]] Result<Secret> pem() const;  ///< PKCS #8

  /// r and s, 32 bytes each, in base64url.
  [[nodiscard]] Result<std::string> sign(std::string_view text) const;
  /// The coordinates of the public point, in base64url.
  [[nodiscard]] const std::string& x() const { return x_; }
  [[nodiscard]] const std::string& y() const { return y_; }
  /// SHA-256 of the public key as a JWK (RFC 7638), in base64url.
  [[nodiscard]] std::string thumbprint() const;

 private:
  static Result<Key> of(openssl::Pkey key);
  Key() = default;
  openssl::Pkey key_;
  std::string x_;
  std::string y_;
};

}  // namespace sp::acme
