#include "base/openssl/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/openssl/handle.h"

namespace sp::openssl {
namespace {

using DigestCtx = Handle<EVP_MD_CTX, ::EVP_MD_CTX_free>;
using MacCtx = Handle<EVP_MAC_CTX, ::EVP_MAC_CTX_free>;

const unsigned char* in(BytesView view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}
unsigned char* out(std::span<std::byte> view) {
  return reinterpret_cast<unsigned char*>(view.data());
}

// Fetched once and kept for the life of the process: a fetch costs more than a short digest.
const EVP_MD* sha256_md() {
  static EVP_MD* const md = ::EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ensure(md != nullptr);
  return md;
}
EVP_MAC* hmac() {
  static EVP_MAC* const mac = ::EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  ensure(mac != nullptr);
  return mac;
}
const EVP_CIPHER* aes_256_gcm() {
  static EVP_CIPHER* const cipher = ::EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  ensure(cipher != nullptr);
  return cipher;
}

int size_of(BytesView view) {
  ensure(view.size() <= 1U << 30U);
  return static_cast<int>(view.size());
}

}  // namespace

Error failure(std::string_view step, Code code) {
  std::string detail{step};
  while (const auto queued = ::ERR_get_error()) {
    detail += " openssl:" + std::to_string(ERR_GET_LIB(queued)) + "/" +
              std::to_string(ERR_GET_REASON(queued));
  }
  return Error{code, std::move(detail)};
}

Digest sha256(BytesView data) {
  return sha256({data});
}

Digest sha256(std::initializer_list<BytesView> parts) {
  Digest digest;
  const DigestCtx ctx{::EVP_MD_CTX_new()};
  bool good = ctx != nullptr && ::EVP_DigestInit_ex2(ctx.get(), sha256_md(), nullptr) == 1;
  for (const auto part : parts)
    good = good && ::EVP_DigestUpdate(ctx.get(), part.data(), part.size()) == 1;
  ensure(good && ::EVP_DigestFinal_ex(ctx.get(), out(digest), nullptr) == 1);
  return digest;
}

Digest hmac_sha256(BytesView key, std::initializer_list<BytesView> parts) {
  Digest digest;
  const MacCtx ctx{::EVP_MAC_CTX_new(hmac())};
  std::string name{"SHA256"};
  const std::array<OSSL_PARAM, 2> params{
      ::OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
      ::OSSL_PARAM_construct_end()};
  // A key of no bytes is legal in HMAC (HKDF without a salt), but the pointer may not be null.
  static constexpr unsigned char none = 0;
  const auto* key_bytes = key.empty() ? &none : in(key);
  bool good =
      ctx != nullptr && ::EVP_MAC_init(ctx.get(), key_bytes, key.size(), params.data()) == 1;
  for (const auto part : parts)
    good = good && ::EVP_MAC_update(ctx.get(), in(part), part.size()) == 1;
  std::size_t size = 0;
  ensure(good && ::EVP_MAC_final(ctx.get(), out(digest), &size, digest.size()) == 1);
  ensure(size == digest.size());
  return digest;
}

bool equal(BytesView a, BytesView b) {
  return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Secret hkdf_extract(BytesView salt, std::initializer_list<BytesView> input) {
  auto digest = hmac_sha256(salt, input);
  auto key = Secret::copy_of(digest);
  wipe(digest);
  return key;
}

Secret hkdf_expand(const Secret& key, BytesView info, std::size_t size) {
  ensure(size <= 255 * sizeof(Digest));
  Secret output{size};
  Digest block{};
  std::size_t done = 0;
  for (std::uint8_t counter = 1; done < size; ++counter) {
    const BytesView previous = counter == 1 ? BytesView{} : BytesView{block};
    const auto tail = static_cast<std::byte>(counter);
    block = hmac_sha256(key.expose(), {previous, info, BytesView{&tail, 1}});
    const auto count = std::min(block.size(), size - done);
    std::copy_n(block.begin(), count,
                output.expose_mutable().begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
  }
  wipe(block);
  return output;
}

Bytes gcm_seal(const Secret& key, const Nonce& nonce, BytesView aad, BytesView plain) {
  ensure(key.size() == gcm_key_size);
  const CipherCtx ctx{::EVP_CIPHER_CTX_new()};
  Bytes sealed(plain.size() + gcm_tag_size);
  const std::span<std::byte> tag = std::span{sealed}.last(gcm_tag_size);
  int count = 0;
  bool good = ctx != nullptr && ::EVP_EncryptInit_ex2(ctx.get(), aes_256_gcm(), in(key.expose()),
                                                      in(nonce), nullptr) == 1;
  if (!aad.empty())
    good = good && ::EVP_EncryptUpdate(ctx.get(), nullptr, &count, in(aad), size_of(aad)) == 1;
  if (!plain.empty())
    good =
        good && ::EVP_EncryptUpdate(ctx.get(), out(sealed), &count, in(plain), size_of(plain)) == 1;
  good = good && ::EVP_EncryptFinal_ex(ctx.get(), out(tag), &count) == 1;
  ensure(good &&
         ::EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_GET_TAG, gcm_tag_size, tag.data()) == 1);
  return sealed;
}

Result<Secret> gcm_open(const Secret& key, const Nonce& nonce, BytesView aad, BytesView sealed) {
  ensure(key.size() == gcm_key_size);
  if (sealed.size() < gcm_tag_size) return Error{Code::corrupt, "shorter than its tag"};
  const auto cipher = sealed.first(sealed.size() - gcm_tag_size);
  auto tag = bytes::copy(sealed.last(gcm_tag_size));
  const CipherCtx ctx{::EVP_CIPHER_CTX_new()};
  Secret plain{cipher.size()};  // wiped when it goes, so a wrong tag leaves nothing behind
  int count = 0;
  bool good = ctx != nullptr && ::EVP_DecryptInit_ex2(ctx.get(), aes_256_gcm(), in(key.expose()),
                                                      in(nonce), nullptr) == 1;
  if (!aad.empty())
    good = good && ::EVP_DecryptUpdate(ctx.get(), nullptr, &count, in(aad), size_of(aad)) == 1;
  if (!cipher.empty())
    good = good && ::EVP_DecryptUpdate(ctx.get(), out(plain.expose_mutable()), &count, in(cipher),
                                       size_of(cipher)) == 1;
  good =
      good && ::EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_SET_TAG, gcm_tag_size, tag.data()) == 1;
  unsigned char none = 0;
  if (!good || ::EVP_DecryptFinal_ex(ctx.get(), &none, &count) != 1)
    return failure("open sealed data", Code::corrupt);
  return plain;
}

}  // namespace sp::openssl
