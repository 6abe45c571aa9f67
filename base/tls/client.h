#pragma once
// TLS for a client of a public server, such as a person's own tool.

#include <string>

#include "base/openssl/handle.h"
#include "base/result/result.h"

namespace sp::tls {

/// TLS 1.2 and up; the server's certificate is checked against `ca_file` (PEM), or the system's
/// authorities when that is empty. The caller names the host with `expect_host` before the
/// handshake. `invalid_input` when the file cannot be read.
Result<openssl::SslCtx> checking_client(const std::string& ca_file);
/// The name, or the address, that the certificate must be for; told to the server, too.
Outcome expect_host(SSL& connection, const std::string& host);

}  // namespace sp::tls
