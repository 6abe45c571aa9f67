#include "certs/acme/key.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>

#include <array>

#include "base/bytes/bytes.h"
#include "base/openssl/crypto.h"
#include "certs/authority/make.h"

namespace sp::acme {
namespace {

using openssl::failure;
using BigNumber = openssl::Handle<BIGNUM, ::BN_free>;
using Signature = openssl::Handle<ECDSA_SIG, ::ECDSA_SIG_free>;
using DigestCtx = openssl::Handle<EVP_MD_CTX, ::EVP_MD_CTX_free>;
constexpr std::size_t number_size = 32;

bool is_p256(const EVP_PKEY& key) {
  std::array<char, 64> group{};
  return ::EVP_PKEY_get_group_name(&key, group.data(), group.size(), nullptr) == 1 &&
         (std::string_view{group.data()} == "prime256v1" ||
          std::string_view{group.data()} == "P-256");
}

Result<std::string> coordinate(const EVP_PKEY& key, const char* name) {
  BIGNUM* raw = nullptr;
  if (::EVP_PKEY_get_bn_param(&key, name, &raw) != 1) return failure("read public key");
  const BigNumber number{raw};
  std::array<unsigned char, number_size> out{};
  if (::BN_bn2binpad(number.get(), out.data(), out.size()) != number_size)
    return failure("read public key");
  return bytes::base64url(std::as_bytes(std::span{out}));
}

// DER, as OpenSSL gives it, to the two numbers of fixed size that JWS wants.
Result<std::string> fixed_size(const std::array<unsigned char, 128>& der, std::size_t size) {
  const auto* at = der.data();
  const Signature parsed{::d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size))};
  std::array<unsigned char, 2 * number_size> out{};
  if (parsed == nullptr ||
      ::BN_bn2binpad(::ECDSA_SIG_get0_r(parsed.get()), out.data(), number_size) < 0 ||
      ::BN_bn2binpad(::ECDSA_SIG_get0_s(parsed.get()), out.data() + number_size, number_size) < 0)
    return failure("read signature");
  return bytes::base64url(std::as_bytes(std::span{out}));
}

}  // namespace

Result<Key> Key::of(openssl::Pkey key) {
  Key out;
  out.x_ = TRY(coordinate(*key, OSSL_PKEY_PARAM_EC_PUB_X));
  out.y_ = TRY(coordinate(*key, OSSL_PKEY_PARAM_EC_PUB_Y));
  out.key_ = std::move(key);
  return out;
}

Result<Key> Key::create() {
  openssl::Pkey key{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  if (key == nullptr) return failure("make key");
  return of(std::move(key));
}

Result<Key> Key::parse(const Secret& pem) {
  auto key = TRY(certs::parse_key(pem, Secret{}).within("the account's key"));
  if (!is_p256(*key))
    return Error{Code::invalid_input, "the account's key must be on the curve P-256"};
  return of(std::move(key));
}

Result<Secret> Key::pem() const {
  return certs::pem_of(*key_);
}

Result<std::string> Key::sign(std::string_view text) const {
  const DigestCtx context{::EVP_MD_CTX_new()};
  std::array<unsigned char, 128> der{};
  std::size_t size = der.size();
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  if (context == nullptr ||
      ::EVP_DigestSignInit(context.get(), nullptr, ::EVP_sha256(), nullptr, key_.get()) != 1 ||
      ::EVP_DigestSign(context.get(), der.data(), &size, data, text.size()) != 1)
    return failure("sign");
  return fixed_size(der, size);
}

std::string Key::thumbprint() const {
  // RFC 7638 section 3: the required members in the order of their names, nothing between.
  return bytes::base64url(openssl::sha256(
      bytes::of(R"({"crv":"P-256","kty":"EC","x":")" + x_ + R"(","y":")" + y_ + R"("})")));
}

}  // namespace sp::acme
