#include "core/identities/authority.h"

#include <openssl/x509v3.h>

#include "base/tls/certificate.h"
#include "base/tls/request.h"
#include "certs/authority/authority.h"

namespace sp::identities {

Result<NewAuthority> make_authority(Instant now, Random& random) {
  const auto key = TRY(certs::new_key(certs::KeyKind::p256));
  const auto life = TRY(certs::validity(certs::rules(certs::Profile::root), now, {}, false, {}));
  const certs::Spec spec{.profile = certs::Profile::root,
                         .common_name = certs::authority_name("link", now, random),
                         .hosts = {},
                         .uri = {},
                         .validity = life,
                         .path_length = 0};
  const auto made = TRY(certs::make_certificate(spec, *key, nullptr, key.get(), random));
  return NewAuthority{certs::pem_of(*made), TRY(certs::pem_of(*key))};
}

Result<certs::Signer> parse_authority(std::string_view certificate, const Secret& key) {
  certs::Signer out;
  out.certificate = TRY(tls::parse_certificate(certificate));
  out.key = TRY(tls::parse_key(key));
  return out;
}

std::string uri_of(std::string_view edge) {
  return "sallyport://link/edge/" + std::string{edge};
}

Result<openssl::Pkey> requested_key(BytesView csr) {
  const auto* at = reinterpret_cast<const unsigned char*>(csr.data());
  const tls::SigningRequest request{::d2i_X509_REQ(nullptr, &at, static_cast<long>(csr.size()))};
  openssl::Pkey key{request ? ::X509_REQ_get_pubkey(request.get()) : nullptr};
  if (key == nullptr || ::X509_REQ_verify(request.get(), key.get()) != 1)
    return openssl::failure("read the request", Code::invalid_input);
  return key;
}

Result<openssl::Cert> sign(const certs::Signer& authority, EVP_PKEY& key, std::string_view edge,
                           Instant now, Random& random) {
  const auto& profile = certs::rules(certs::Profile::edge_identity);
  const auto end = tls::not_after(*authority.certificate);
  const certs::Spec spec{.profile = certs::Profile::edge_identity,
                         .common_name = {},
                         .hosts = {},
                         .uri = uri_of(edge),
                         .validity = TRY(certs::validity(profile, now, {}, false, end)),
                         .path_length = {}};
  return certs::make_certificate(spec, key, &authority, authority.key.get(), random);
}

bool is_identity_of(const X509& leaf, X509& authority, std::string_view edge, Instant now) {
  auto* certificate = const_cast<X509*>(&leaf);  // OpenSSL caches what it reads
  const bool dated = tls::not_before(leaf) <= now && now <= tls::not_after(leaf) + grace;
  const bool named = certs::uri_of(leaf) == uri_of(edge) && ::X509_check_ca(certificate) == 0;
  const bool issued = ::X509_check_issued(&authority, certificate) == X509_V_OK &&
                      ::X509_verify(certificate, ::X509_get0_pubkey(&authority)) == 1;
  static_cast<void>(openssl::failure("signature"));  // empties the queue of errors
  return dated && named && issued;
}

Result<Instant> end_of(std::string_view certificate) {
  return tls::not_after(*TRY(tls::parse_certificate(certificate)));
}

}  // namespace sp::identities
