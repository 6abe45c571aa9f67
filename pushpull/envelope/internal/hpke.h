#pragma once
// HPKE (RFC 9180) modes auth_psk (envelopes) and base (recordings) with DHKEM(X25519, HKDF-SHA256)
// and HKDF-SHA256: two independent key schedules with one interface. The AEAD is a parameter
// because the RFC's own vectors for this KEM use AES-128-GCM; our envelopes use AES-256-GCM.

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "pushpull/envelope/keys.h"

namespace sp::pushpull::internal {

enum class Aead : std::uint16_t { aes_128_gcm = 1, aes_256_gcm = 2 };
constexpr std::size_t key_size(Aead aead) {
  return aead == Aead::aes_128_gcm ? 16 : 32;
}

enum class Mode : std::uint8_t { base = 0, auth_psk = 3 };

inline constexpr std::size_t nonce_size = 12;
using Nonce = std::array<std::byte, nonce_size>;

/// What is known on both sides before (RFC 9180 section 5.1).
struct Agreed {
  BytesView info;
  BytesView psk;
  BytesView psk_id;
  Aead aead = Aead::aes_256_gcm;
};

/// The part of a context that one message needs: its nonce is that of sequence number 0.
struct Context {
  Secret key;
  Nonce nonce{};
  Secret exporter;
};
struct Sent {
  StaticPublicKey encapsulated;
  Context context;
};

namespace by_openssl {
Result<StaticPublicKey> public_key(const StaticPrivateKey& key);
Result<Sent> setup_sender(const StaticPrivateKey& ephemeral, const StaticPublicKey& recipient,
                          const StaticPrivateKey& sender, const Agreed& agreed);
Result<Context> setup_recipient(const StaticPublicKey& encapsulated,
                                const StaticPrivateKey& recipient, const StaticPublicKey& sender,
                                const Agreed& agreed);
Result<Sent> setup_base_sender(const StaticPrivateKey& ephemeral, const StaticPublicKey& recipient,
                               BytesView info, Aead aead);
Result<Context> setup_base_recipient(const StaticPublicKey& encapsulated,
                                     const StaticPrivateKey& recipient, BytesView info, Aead aead);
Secret export_secret(const Context& context, Aead aead, BytesView exporter_context,
                     std::size_t size);
}  // namespace by_openssl

namespace by_psa {
Result<StaticPublicKey> public_key(const StaticPrivateKey& key);
Result<Sent> setup_sender(const StaticPrivateKey& ephemeral, const StaticPublicKey& recipient,
                          const StaticPrivateKey& sender, const Agreed& agreed);
Result<Context> setup_recipient(const StaticPublicKey& encapsulated,
                                const StaticPrivateKey& recipient, const StaticPublicKey& sender,
                                const Agreed& agreed);
Result<Sent> setup_base_sender(const StaticPrivateKey& ephemeral, const StaticPublicKey& recipient,
                               BytesView info, Aead aead);
Result<Context> setup_base_recipient(const StaticPublicKey& encapsulated,
                                     const StaticPrivateKey& recipient, BytesView info, Aead aead);
Result<Secret> export_secret(const Context& context, Aead aead, BytesView exporter_context,
                             std::size_t size);

/// HMAC-SHA256 of the parts joined; the building block of the schedule, and of enrolment.
Result<std::array<std::byte, 32>> hmac(BytesView key, std::initializer_list<BytesView> parts);
/// HKDF (RFC 5869) with SHA-256.
Result<Secret> extract(BytesView salt, BytesView input);
Result<Secret> expand(const Secret& key, BytesView info, std::size_t size);
/// AES-GCM; the key's size chooses 128 or 256 bits.
Result<Bytes> seal(const Secret& key, const Nonce& nonce, BytesView aad, BytesView plain);
Result<Bytes> open(const Secret& key, const Nonce& nonce, BytesView aad, BytesView sealed);
}  // namespace by_psa

}  // namespace sp::pushpull::internal
