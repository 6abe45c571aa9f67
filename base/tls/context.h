#pragma once
// Every SSL_CTX of the product is made here, one function per role. Nothing else calls SSL_CTX_*.

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/secret/secret.h"

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

/// For browsers: TLS 1.2 with ECDHE and AEAD only, and TLS 1.3; session tickets; ALPN http/1.1; no
/// renegotiation, no compression. `invalid_input` when a PEM does not parse or the key is not the
/// certificate's. An expired certificate is served all the same and logged loudly.
Result<openssl::SslCtx> public_server(const Identity& identity);
/// Makes a context that a library made for itself into what `public_server` gives.
Outcome dress_public_server(SSL_CTX& context, const Identity& identity);
/// For our own programs among themselves: the same, TLS 1.3 only.
Result<openssl::SslCtx> link_server(const Identity& identity);

/// For a link that a core opens to one of its edges: TLS 1.3 only, no CA and no session reuse. It
/// accepts every certificate: the caller compares `spki_pin` before it sends a byte.
Result<openssl::SslCtx> link_client();

/// A context that can be replaced while connections are being made: a renewed certificate reaches
/// new connections, running ones keep theirs. Safe from every thread.
class ReloadableContext {
 public:
  explicit ReloadableContext(openssl::SslCtx context) : context_(std::move(context)) {}
  /// A connection's state; null only when memory is out.
  [[nodiscard]] openssl::Ssl make() const;
  void replace(openssl::SslCtx context);

 private:
  mutable std::mutex mutex_;
  openssl::SslCtx context_;
};

}  // namespace sp::tls
