#include "base/tls/context.h"

#include <array>

namespace sp::tls {
namespace {

constexpr const char* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

// What a context shows lives as long as the context.
using Shown = std::shared_ptr<const ShownCertificate>;
void free_shown(void*, void* shown, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Shown*>(shown);
}
int shown_slot() {
  static const int slot = ::SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_shown);
  return slot;
}
int show(SSL* connection, void* shown) {
  return static_cast<const ShownCertificate*>(shown)->lend(*connection) ? 1 : 0;
}
// A session is of the authority whose certificate its first handshake showed: once that one is gone
// from here, so that nobody goes by it, the session is not resumed and the new certificate is
// shown.
int bind_session(SSL* connection, int* /*alert*/, void* shown) {
  const auto authority = static_cast<const ShownCertificate*>(shown)->authority();
  static_assert(authority.size() <= SSL_MAX_SID_CTX_LENGTH);
  const bool bound = ::SSL_set_session_id_context(
                         connection, reinterpret_cast<const unsigned char*>(authority.data()),
                         static_cast<unsigned>(authority.size())) == 1;
  return bound ? SSL_CLIENT_HELLO_SUCCESS : SSL_CLIENT_HELLO_ERROR;
}
Outcome use(SSL_CTX* context, Shown shown) {
  auto kept = std::make_unique<Shown>(std::move(shown));
  auto* certificate = const_cast<ShownCertificate*>(kept->get());  // OpenSSL wants void*
  if (::SSL_CTX_set_ex_data(context, shown_slot(), kept.get()) != 1)
    return openssl::failure("keep certificate");
  static_cast<void>(kept.release());
  ::SSL_CTX_set_client_hello_cb(context, bind_session, certificate);
  ::SSL_CTX_set_cert_cb(context, show, certificate);
  return {};
}

// A client that offers only what we do not speak is told so (RFC 7301 section 3.2).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (::SSL_select_next_proto(&chosen, out_size, ours.data(), ours.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

Outcome set_rules(SSL_CTX* context, int least_version) {
  ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  ::SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Sessions live in tickets only. One ticket is enough for a browser that reuses its connection.
  ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_num_tickets(context, 1);
  ::SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  const bool good = ::SSL_CTX_set_min_proto_version(context, least_version) == 1 &&
                    ::SSL_CTX_set_cipher_list(context, tls12_ciphers) == 1 &&
                    ::SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1;
  if (!good) return openssl::failure("set TLS rules");
  return {};
}

Result<openssl::SslCtx> server(Shown shown, int least_version) {
  openssl::SslCtx context{::SSL_CTX_new(::TLS_server_method())};
  if (context == nullptr) return openssl::failure("make TLS context");
  TRY(set_rules(context.get(), least_version));
  TRY(use(context.get(), std::move(shown)));
  return context;
}

}  // namespace

Result<openssl::SslCtx> public_server(Shown shown) {
  return server(std::move(shown), TLS1_2_VERSION);
}

Result<openssl::SslCtx> public_server(const Identity& identity) {
  return public_server(Shown{TRY(ShownCertificate::of(identity))});
}

Outcome dress_public_server(SSL_CTX& context, Shown shown) {
  TRY(set_rules(&context, TLS1_2_VERSION));
  return use(&context, std::move(shown));
}

Result<openssl::SslCtx> link_server(Shown shown) {
  auto context = TRY(server(std::move(shown), TLS1_3_VERSION));
  // Neither kind of TLS 1.3 ticket: not the encrypted, not the one that names a kept session.
  ::SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  ::SSL_CTX_set_num_tickets(context.get(), 0);
  return context;
}

Result<openssl::SslCtx> link_server(const Identity& identity) {
  return link_server(Shown{TRY(ShownCertificate::of(identity))});
}

Result<openssl::SslCtx> server_for(Role role, Shown shown) {
  return role == Role::public_server ? public_server(std::move(shown))
                                     : link_server(std::move(shown));
}

Result<openssl::SslCtx> link_client() {
  openssl::SslCtx context{::SSL_CTX_new(::TLS_client_method())};
  if (context == nullptr) return openssl::failure("make TLS context");
  ::SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  ::SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ::SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  if (::SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) != 1)
    return openssl::failure("set TLS rules");
  return context;
}

}  // namespace sp::tls
