#pragma once
// Every SSL_CTX of the product is made here, one function per role. Nothing else calls SSL_CTX_*.

#include <memory>

#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/tls/shown.h"

namespace sp::tls {

/// Who comes to a server: browsers, or the core of the same site over the link.
enum class Role { public_server, link_server };

/// For browsers: TLS 1.2 with ECDHE and AEAD only, and TLS 1.3; session tickets, which end with the
/// authority of the certificate; ALPN http/1.1; no renegotiation, no compression. It shows what
/// `shown` holds at that moment, and keeps it alive.
Result<openssl::SslCtx> public_server(std::shared_ptr<const ShownCertificate> shown);
/// The same for a certificate that never changes.
Result<openssl::SslCtx> public_server(const Identity& identity);
/// Makes a context that a library made for itself into what `public_server` gives.
Outcome dress_public_server(SSL_CTX& context, std::shared_ptr<const ShownCertificate> shown);
/// For our own programs among themselves: the same, TLS 1.3 only, and no session is ever resumed,
/// so that each connection proves what it is anew.
Result<openssl::SslCtx> link_server(std::shared_ptr<const ShownCertificate> shown);
Result<openssl::SslCtx> link_server(const Identity& identity);
/// The one or the other.
Result<openssl::SslCtx> server_for(Role role, std::shared_ptr<const ShownCertificate> shown);

/// For a link that a core opens to one of its edges: TLS 1.3 only, no CA and no session reuse. It
/// accepts every certificate: the caller compares `spki_pin` before it sends a byte.
Result<openssl::SslCtx> link_client();

}  // namespace sp::tls
