#include "base/tls/self_check.h"

#include <openssl/x509v3.h>

#include <vector>

namespace sp::tls {
namespace {

using Chain = std::vector<openssl::Cert>;

Error wrong(const std::string& what) {
  return Error{Code::invalid_input, what};
}

std::string called(const X509& certificate) {
  return "the certificate \"" + facts(certificate).subject + "\"";
}

Outcome check_dates(const X509& certificate, Instant now) {
  if (not_after(certificate) <= now)
    return wrong(called(certificate) + " expired at " + rfc3339(not_after(certificate)) +
                 ": renew it");
  if (not_before(certificate) > now)
    return wrong(called(certificate) + " is not valid before " + rfc3339(not_before(certificate)) +
                 ": wait, or set this machine's clock");
  return {};
}

// `issuer` is the next in the file.
Outcome check_link(X509& subject, X509& issuer) {
  const bool named = ::X509_check_issued(&issuer, &subject) == X509_V_OK;
  const bool is_signed = named && ::X509_verify(&subject, ::X509_get0_pubkey(&issuer)) == 1;
  static_cast<void>(openssl::failure("chain"));  // empties the queue
  if (is_signed) return {};
  return wrong(called(subject) + " is not issued by " + called(issuer) +
               ", which follows it in the file: put the leaf first, then its issuer, then that "
               "one's issuer");
}

Outcome check_leaf(X509& leaf, const SelfCheck& check) {
  if (::X509_check_purpose(&leaf, X509_PURPOSE_SSL_SERVER, 0) != 1)
    return wrong(called(leaf) +
                 " may not be used by a TLS server: issue one with the purpose "
                 "serverAuth");
  if (check.host.empty() || covers(names(leaf), check.host)) return {};
  std::string listed;
  for (const auto& name : names(leaf)) listed += (listed.empty() ? "" : ", ") + name;
  return wrong(called(leaf) + " is for " + (listed.empty() ? "no name" : listed) +
               ", and clients ask for " + check.host + ": issue one with that name");
}

Result<openssl::SslCtx> client(const openssl::Digest& pin, int version) {
  openssl::SslCtx context{::SSL_CTX_new(::TLS_client_method())};
  if (context == nullptr) return openssl::failure("make TLS context");
  TRY(require_pin(context.get(), pin));
  if (::SSL_CTX_set_min_proto_version(context.get(), version) != 1 ||
      ::SSL_CTX_set_max_proto_version(context.get(), version) != 1)
    return openssl::failure("set TLS rules");
  return context;
}

// Both ends in memory: an edge may not connect, not even to itself.
Outcome shake_hands(SSL_CTX& server_context, SSL_CTX& client_context) {
  const openssl::Ssl server{::SSL_new(&server_context)};
  const openssl::Ssl client{::SSL_new(&client_context)};
  BIO* near = nullptr;
  BIO* far = nullptr;
  if (server == nullptr || client == nullptr || ::BIO_new_bio_pair(&near, 0, &far, 0) != 1)
    return openssl::failure("make TLS connection");
  ::SSL_set_bio(server.get(), near, near);
  ::SSL_set_bio(client.get(), far, far);
  ::SSL_set_accept_state(server.get());
  ::SSL_set_connect_state(client.get());
  for (int flights = 0; flights < 10; ++flights) {
    const int asked = ::SSL_do_handshake(client.get());
    const int answered = ::SSL_do_handshake(server.get());
    if (asked == 1 && answered == 1) return {};
  }
  return openssl::failure("no handshake with it succeeds", Code::invalid_input);
}

Outcome check_handshakes(const Identity& identity, const X509& leaf, Role role) {
  const auto shown = TRY(ShownCertificate::of(identity));
  const auto server = TRY(server_for(role, shown));
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    if (version == TLS1_2_VERSION && role == Role::link_server) continue;
    const auto asking = TRY(client(spki_pin(leaf), version));
    TRY(shake_hands(*server, *asking));
  }
  return {};
}

}  // namespace

Outcome self_check(const Identity& identity, const SelfCheck& check) {
  TRY(ShownCertificate::of(identity));
  const auto chain = TRY(parse_chain(identity.chain_pem));
  for (const auto& certificate : chain) TRY(check_dates(*certificate, check.now));
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) TRY(check_link(*chain[i], *chain[i + 1]));
  TRY(check_leaf(*chain.front(), check));
  return check_handshakes(identity, *chain.front(), check.role);
}

}  // namespace sp::tls
