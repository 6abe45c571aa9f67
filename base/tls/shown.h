#pragma once
// The certificate that a server shows, and the certificate's exchange under a running server.

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/tls/certificate.h"

namespace sp::tls {

/// A certificate chain (leaf first) and the leaf's private key, both PEM.
struct Identity {
  std::string chain_pem;
  Secret key_pem;
};

/// Reads both files. The key file must not be readable by group or others. An error names the file
/// and says what to do.
Result<Identity> load_identity(const std::filesystem::path& chain,
                               const std::filesystem::path& key);

/// What the connections of one or more contexts show. After `replace` a new connection shows the
/// new certificate, a running one keeps its own, and nobody's handshake fails in between: the
/// context itself stays (its ticket keys too). Safe from every thread.
class ShownCertificate {
 public:
  /// `invalid_input` when a PEM does not parse, the key is not the leaf's, or OpenSSL finds them
  /// too weak. Dates and names are not asked: what stands there is shown.
  static Result<std::shared_ptr<ShownCertificate>> of(const Identity& identity);
  /// The same from the next connection on. When it fails, the old one stays.
  Outcome replace(const Identity& identity);
  /// Of the leaf.
  [[nodiscard]] Facts facts() const;
  /// Who signed it: the same for a certificate that another replaced, another once the authority is
  /// another. Of a certificate that signed itself: its own key.
  [[nodiscard]] openssl::Digest authority() const;
  /// For the contexts alone (base/tls/context.h): lends certificate and key to one connection.
  [[nodiscard]] bool lend(SSL& connection) const;

 private:
  struct Held;
  explicit ShownCertificate(std::shared_ptr<const Held> held) : held_(std::move(held)) {}
  static Result<std::shared_ptr<const Held>> hold(const Identity& identity);
  [[nodiscard]] std::shared_ptr<const Held> held() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const Held> held_;
};

}  // namespace sp::tls
