#include "base/tls/client.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace sp::tls {

Result<openssl::SslCtx> checking_client(const std::string& ca_file) {
  openssl::SslCtx context{::SSL_CTX_new(::TLS_client_method())};
  if (context == nullptr) return openssl::failure("make TLS context");
  ::SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  ::SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1)
    return openssl::failure("set TLS rules");
  const int trusts =
      ca_file.empty() ? ::SSL_CTX_set_default_verify_paths(context.get())
                      : ::SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr);
  if (trusts != 1) return openssl::failure("read " + ca_file, Code::invalid_input);
  return context;
}

Outcome expect_host(SSL& connection, const std::string& host) {
  auto* rules = ::SSL_get0_param(&connection);
  if (::X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1) return {};
  ::ERR_clear_error();  // it is a name
  // What SSL_set_tlsext_host_name does, without its cast of C.
  auto* name = const_cast<char*>(host.c_str());
  const bool good = ::SSL_ctrl(&connection, SSL_CTRL_SET_TLSEXT_HOSTNAME,
                               TLSEXT_NAMETYPE_host_name, name) == 1 &&
                    ::X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size()) == 1;
  if (!good) return openssl::failure("expect host", Code::invalid_input);
  return {};
}

}  // namespace sp::tls
