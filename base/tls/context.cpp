#include "base/tls/context.h"

#include <openssl/pem.h>

#include <array>

#include "base/config/files.h"
#include "base/log/log.h"
#include "base/tls/certificate.h"

namespace sp::tls {
namespace {

constexpr const char* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

// OpenSSL would ask at the terminal for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

Result<openssl::Pkey> parse_key(const Secret& pem) {
  const auto view = pem.expose();
  const openssl::Bio source{::BIO_new_mem_buf(view.data(), static_cast<int>(view.size()))};
  openssl::Pkey key{::PEM_read_bio_PrivateKey(source.get(), nullptr, no_passphrase, nullptr)};
  if (key == nullptr)
    return openssl::failure(
        "the key does not parse; it must be a PEM private key without a passphrase",
        Code::invalid_input);
  return key;
}

void warn_of_dates(const X509& leaf) {
  const auto now = SystemClock{}.now();
  if (not_after(leaf) <= now)
    log::error("certificate_expired",
               {{"since", rfc3339(not_after(leaf))}, {"todo", "renew it; it is served meanwhile"}});
  if (not_before(leaf) > now)
    log::error("certificate_not_yet_valid",
               {{"from", rfc3339(not_before(leaf))}, {"todo", "check this machine's clock"}});
}

Outcome use_identity(SSL_CTX* context, const Identity& identity) {
  auto chain = TRY(parse_chain(identity.chain_pem).within("certificate chain"));
  const auto key = TRY(parse_key(identity.key_pem));
  if (::X509_check_private_key(chain.front().get(), key.get()) != 1) {
    auto cause = openssl::failure(
        "the key does not belong to the certificate (which must stand first in its file)",
        Code::invalid_input);
    return cause;
  }
  if (::SSL_CTX_use_certificate(context, chain.front().get()) != 1 ||
      ::SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return openssl::failure("use certificate and key", Code::invalid_input);
  for (auto issuer = chain.begin() + 1; issuer != chain.end(); ++issuer)
    if (::SSL_CTX_add1_chain_cert(context, issuer->get()) != 1)
      return openssl::failure("use certificate chain", Code::invalid_input);
  warn_of_dates(*chain.front());
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
  static constexpr std::array<unsigned char, 9> session_context{'s', 'a', 'l', 'l', 'y',
                                                                'p', 'o', 'r', 't'};
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
                    ::SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1 &&
                    ::SSL_CTX_set_session_id_context(context, session_context.data(),
                                                     session_context.size()) == 1;
  if (!good) return openssl::failure("set TLS rules");
  return {};
}

Result<openssl::SslCtx> server(const Identity& identity, int least_version) {
  openssl::SslCtx context{::SSL_CTX_new(::TLS_server_method())};
  if (context == nullptr) return openssl::failure("make TLS context");
  TRY(set_rules(context.get(), least_version));
  TRY(use_identity(context.get(), identity));
  return context;
}

}  // namespace

Result<Identity> load_identity(const std::filesystem::path& chain,
                               const std::filesystem::path& key) {
  const auto chain_pem = TRY(config::read_file(chain).within("certificate"));
  auto key_pem = TRY(config::read_secret_file(key).within("key"));
  return Identity{std::string{bytes::text(chain_pem)}, std::move(key_pem)};
}

Result<openssl::SslCtx> public_server(const Identity& identity) {
  return server(identity, TLS1_2_VERSION);
}

Outcome dress_public_server(SSL_CTX& context, const Identity& identity) {
  TRY(set_rules(&context, TLS1_2_VERSION));
  return use_identity(&context, identity);
}

Result<openssl::SslCtx> link_server(const Identity& identity) {
  return server(identity, TLS1_3_VERSION);
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

openssl::Ssl ReloadableContext::make() const {
  const std::lock_guard lock{mutex_};
  return openssl::Ssl{::SSL_new(context_.get())};
}

void ReloadableContext::replace(openssl::SslCtx context) {
  const std::lock_guard lock{mutex_};
  context_.swap(context);
}

}  // namespace sp::tls
