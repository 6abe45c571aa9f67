#pragma once
// The few primitives that our formats are made of, over OpenSSL's EVP with pre-fetched algorithms.

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::openssl {

using Digest = std::array<std::byte, 32>;  ///< a SHA-256 value

Digest sha256(BytesView data);
Digest sha256(std::initializer_list<BytesView> parts);  ///< of the parts joined
Digest hmac_sha256(BytesView key, std::initializer_list<BytesView> parts);
/// Constant time for equal sizes; false for different ones.
bool equal(BytesView a, BytesView b);

/// HKDF with SHA-256 (RFC 5869), in its two steps.
Secret hkdf_extract(BytesView salt, std::initializer_list<BytesView> input);
Secret hkdf_expand(const Secret& key, BytesView info, std::size_t size);
inline Secret hkdf_expand(const Secret& key, std::string_view info, std::size_t size) {
  return hkdf_expand(key, bytes::of(info), size);
}

inline constexpr std::size_t gcm_key_size = 32;
inline constexpr std::size_t gcm_nonce_size = 12;
inline constexpr std::size_t gcm_tag_size = 16;
using Nonce = std::array<std::byte, gcm_nonce_size>;

/// AES-256-GCM: ciphertext and tag, `plain.size() + gcm_tag_size` bytes. The caller answers for the
/// nonce being new under `key`.
Bytes gcm_seal(const Secret& key, const Nonce& nonce, BytesView aad, BytesView plain);
/// The plaintext, or `corrupt`. Nothing is given out before the tag was verified.
Result<Secret> gcm_open(const Secret& key, const Nonce& nonce, BytesView aad, BytesView sealed);

}  // namespace sp::openssl
