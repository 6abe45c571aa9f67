#include "pushpull/tickets/tickets.h"

#include "base/openssl/crypto.h"

namespace sp::pushpull {
namespace {

// Section 1: "A seal key seals once, so the nonce may be zero."
constexpr openssl::Nonce zero_nonce{};

Bytes aad_of(const TicketId& id) {
  auto out = bytes::copy(bytes::of("sallyport ticket v1"));
  bytes::append(out, id);
  return out;
}

}  // namespace

Hash hash_of(const TicketId& id) {
  return openssl::sha256(id);
}

TicketKeys ticket_keys(const TicketId& id, const Secret& secret) {
  const auto root = openssl::hkdf_extract(id, {secret.expose()});
  const auto proof = openssl::hkdf_expand(root, "sallyport ticket v1 proof", 32);
  return {openssl::sha256(proof.expose()),
          openssl::hkdf_expand(root, "sallyport ticket v1 credential", openssl::gcm_key_size)};
}

Bytes seal_credential(const TicketKeys& keys, const TicketId& id, const Credential& credential) {
  auto plain = encode(credential);
  auto sealed = openssl::gcm_seal(keys.seal, zero_nonce, aad_of(id), plain);
  sp::wipe(plain);
  return sealed;
}

Result<Credential> open_credential(const TicketKeys& keys, const TicketId& id, BytesView sealed) {
  const auto plain = TRY(openssl::gcm_open(keys.seal, zero_nonce, aad_of(id), sealed));
  return decode_credential(plain.expose());
}

void wipe(Credential& credential) noexcept {
  for (auto* part : {&credential.password, &credential.private_key, &credential.passphrase,
                     &credential.certificate}) {
    sp::wipe(*part);
    part->clear();
  }
}

}  // namespace sp::pushpull
