#include "base/tls/shown.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/bytes/bytes.h"
#include "base/config/files.h"

namespace sp::tls {
namespace {

struct FreeChain {
  void operator()(STACK_OF(X509) * chain) const noexcept { sk_X509_pop_free(chain, ::X509_free); }
};
using Chain = std::unique_ptr<STACK_OF(X509), FreeChain>;

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

}  // namespace

struct ShownCertificate::Held {
  openssl::Cert leaf;
  openssl::Pkey key;
  Chain issuers;  // what follows the leaf
  openssl::Digest authority;
};

namespace {

// By its name, and by its key as far as the certificates tell of it.
openssl::Digest authority_of(const X509& leaf, const X509* issuer) {
  bytes::Writer out;
  unsigned char* name = nullptr;
  const int size = ::i2d_X509_NAME(::X509_get_issuer_name(&leaf), &name);
  if (size > 0)
    out.raw(std::string_view{reinterpret_cast<char*>(name), static_cast<std::size_t>(size)});
  ::OPENSSL_free(name);
  if (const auto* id = ::X509_get0_authority_key_id(&const_cast<X509&>(leaf)))
    out.raw(std::string_view{reinterpret_cast<const char*>(::ASN1_STRING_get0_data(id)),
                             static_cast<std::size_t>(::ASN1_STRING_length(id))});
  const bool signed_itself =
      ::X509_NAME_cmp(::X509_get_issuer_name(&leaf), ::X509_get_subject_name(&leaf)) == 0;
  if (signed_itself || issuer != nullptr) out.raw(spki_pin(signed_itself ? leaf : *issuer));
  return openssl::sha256(out.view());
}

}  // namespace

Result<Identity> load_identity(const std::filesystem::path& chain,
                               const std::filesystem::path& key) {
  const auto chain_pem = TRY(config::read_file(chain).within("certificate"));
  auto key_pem = TRY(config::read_secret_file(key).within("key"));
  return Identity{std::string{bytes::text(chain_pem)}, std::move(key_pem)};
}

Result<std::shared_ptr<const ShownCertificate::Held>> ShownCertificate::hold(
    const Identity& identity) {
  auto certificates = TRY(parse_chain(identity.chain_pem).within("certificate chain"));
  auto key = TRY(parse_key(identity.key_pem));
  if (::X509_check_private_key(certificates.front().get(), key.get()) != 1) {
    auto cause = openssl::failure(
        "the key does not belong to the certificate (which must stand first in its file)",
        Code::invalid_input);
    return cause;
  }
  Chain issuers{sk_X509_new_null()};
  if (issuers == nullptr) return openssl::failure("use certificate chain");
  for (auto issuer = certificates.begin() + 1; issuer != certificates.end(); ++issuer) {
    if (sk_X509_push(issuers.get(), issuer->get()) <= 0)
      return openssl::failure("use certificate chain");
    static_cast<void>(issuer->release());
  }
  // What a connection would refuse is refused now: a key that is too short, a broken signature
  // algorithm.
  const openssl::SslCtx trial{::SSL_CTX_new(::TLS_server_method())};
  if (trial == nullptr || ::SSL_CTX_use_cert_and_key(trial.get(), certificates.front().get(),
                                                     key.get(), issuers.get(), 1) != 1)
    return openssl::failure("use certificate and key", Code::invalid_input);
  const auto authority = authority_of(*certificates.front(), sk_X509_value(issuers.get(), 0));
  return std::make_shared<const Held>(
      Held{std::move(certificates.front()), std::move(key), std::move(issuers), authority});
}

Result<std::shared_ptr<ShownCertificate>> ShownCertificate::of(const Identity& identity) {
  auto held = TRY(hold(identity));
  return std::shared_ptr<ShownCertificate>{new ShownCertificate{std::move(held)}};
}

Outcome ShownCertificate::replace(const Identity& identity) {
  auto held = TRY(hold(identity));
  const std::lock_guard lock{mutex_};
  held_.swap(held);
  return {};
}

std::shared_ptr<const ShownCertificate::Held> ShownCertificate::held() const {
  const std::lock_guard lock{mutex_};
  return held_;
}

Facts ShownCertificate::facts() const {
  return tls::facts(*held()->leaf);
}

openssl::Digest ShownCertificate::authority() const {
  return held()->authority;
}

bool ShownCertificate::lend(SSL& connection) const {
  const auto now = held();
  return ::SSL_use_cert_and_key(&connection, now->leaf.get(), now->key.get(), now->issuers.get(),
                                1) == 1;
}

}  // namespace sp::tls
