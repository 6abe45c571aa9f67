#include <openssl/evp.h>

#include "base/openssl/crypto.h"
#include "base/openssl/handle.h"
#include "pushpull/envelope/internal/hpke.h"

namespace sp::pushpull::internal::by_openssl {
namespace {

const unsigned char* in(BytesView view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}

// "suite_id" of the KEM: "KEM" || I2OSP(0x0020, 2); of the whole: "HPKE" || kem || kdf || aead.
Bytes kem_suite() {
  return bytes::Writer{}.raw("KEM").u16(0x0020).take();
}
Bytes hpke_suite(Aead aead) {
  return bytes::Writer{}
      .raw("HPKE")
      .u16(0x0020)
      .u16(0x0001)
      .u16(static_cast<std::uint16_t>(aead))
      .take();
}

// RFC 9180 section 4: LabeledExtract and LabeledExpand.
Secret labeled_extract(BytesView suite, BytesView salt, std::string_view label, BytesView input) {
  return openssl::hkdf_extract(salt, {bytes::of("HPKE-v1"), suite, bytes::of(label), input});
}
Secret labeled_expand(BytesView suite, const Secret& key, std::string_view label, BytesView info,
                      std::size_t size) {
  bytes::Writer labeled;
  labeled.u16(static_cast<std::uint16_t>(size)).raw("HPKE-v1").raw(suite).raw(label).raw(info);
  return openssl::hkdf_expand(key, labeled.view(), size);
}

openssl::Pkey load(const StaticPrivateKey& key) {
  const auto raw = key.secret().expose();
  return openssl::Pkey{
      ::EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, in(raw), raw.size())};
}

// Fails when the result would be all zero, as OpenSSL does and RFC 9180 section 7.1.4 demands.
Outcome dh(const StaticPrivateKey& mine, const StaticPublicKey& theirs, std::span<std::byte> into) {
  const auto own = load(mine);
  const openssl::Pkey peer{
      ::EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, in(theirs.view()), theirs.size)};
  if (own == nullptr || peer == nullptr) return openssl::failure("x25519 key");
  const openssl::PkeyCtx ctx{::EVP_PKEY_CTX_new(own.get(), nullptr)};
  std::size_t size = into.size();
  const bool good =
      ctx != nullptr && ::EVP_PKEY_derive_init(ctx.get()) == 1 &&
      ::EVP_PKEY_derive_set_peer(ctx.get(), peer.get()) == 1 &&
      ::EVP_PKEY_derive(ctx.get(), reinterpret_cast<unsigned char*>(into.data()), &size) == 1;
  if (!good || size != into.size()) return openssl::failure("x25519", Code::invalid_input);
  return {};
}

// Section 4.1, ExtractAndExpand; `dh` is DH(ephemeral), or DH(ephemeral) || DH(static).
Secret extract_and_expand(const Secret& dh, BytesView kem_context) {
  const auto suite = kem_suite();
  const auto prk = labeled_extract(suite, {}, "eae_prk", dh.expose());
  return labeled_expand(suite, prk, "shared_secret", kem_context, 32);
}
Secret shared_secret(const Secret& dh_pair, const StaticPublicKey& encapsulated,
                     const StaticPublicKey& recipient, const StaticPublicKey& sender) {
  bytes::Writer kem_context;
  kem_context.raw(encapsulated.view()).raw(recipient.view()).raw(sender.view());
  return extract_and_expand(dh_pair, kem_context.view());
}
Secret shared_secret(const Secret& dh, const StaticPublicKey& encapsulated,
                     const StaticPublicKey& recipient) {
  bytes::Writer kem_context;
  kem_context.raw(encapsulated.view()).raw(recipient.view());
  return extract_and_expand(dh, kem_context.view());
}

// Section 5.1, KeySchedule.
Context schedule(Mode mode, const Secret& shared, const Agreed& agreed) {
  const auto suite = hpke_suite(agreed.aead);
  const auto psk_id_hash = labeled_extract(suite, {}, "psk_id_hash", agreed.psk_id);
  const auto info_hash = labeled_extract(suite, {}, "info_hash", agreed.info);
  bytes::Writer context;
  context.u8(static_cast<std::uint8_t>(mode)).raw(psk_id_hash.expose()).raw(info_hash.expose());
  const auto secret = labeled_extract(suite, shared.expose(), "secret", agreed.psk);

  Context made;
  made.key = labeled_expand(suite, secret, "key", context.view(), key_size(agreed.aead));
  const auto nonce = labeled_expand(suite, secret, "base_nonce", context.view(), nonce_size);
  std::copy_n(nonce.expose().begin(), nonce_size, made.nonce.begin());
  made.exporter = labeled_expand(suite, secret, "exp", context.view(), 32);
  return made;
}

}  // namespace

Result<StaticPublicKey> public_key(const StaticPrivateKey& key) {
  const auto own = load(key);
  StaticPublicKey made;
  std::size_t size = made.size;
  if (own == nullptr ||
      ::EVP_PKEY_get_raw_public_key(own.get(), reinterpret_cast<unsigned char*>(made.bytes.data()),
                                    &size) != 1)
    return openssl::failure("x25519 public key");
  return made;
}

Result<Sent> setup_sender(const StaticPrivateKey& ephemeral, const StaticPublicKey& recipient,
                          const StaticPrivateKey& sender, const Agreed& agreed) {
  Secret dh_pair{64};
  TRY(dh(ephemeral, recipient, dh_pair.expose_mutable().first(32)));
  TRY(dh(sender, recipient, dh_pair.expose_mutable().last(32)));
  const auto encapsulated = TRY(public_key(ephemeral));
  const auto own = TRY(public_key(sender));
  const auto shared = shared_secret(dh_pair, encapsulated, recipient, own);
  return Sent{encapsulated, schedule(Mode::auth_psk, shared, agreed)};
}

Result<Context> setup_recipient(const StaticPublicKey& encapsulated,
                                const StaticPrivateKey& recipient, const StaticPublicKey& sender,
                                const Agreed& agreed) {
  Secret dh_pair{64};
  TRY(dh(recipient, encapsulated, dh_pair.expose_mutable().first(32)));
  TRY(dh(recipient, sender, dh_pair.expose_mutable().last(32)));
  const auto own = TRY(public_key(recipient));
  return schedule(Mode::auth_psk, shared_secret(dh_pair, encapsulated, own, sender), agreed);
}

Result<Sent> setup_base_sender(const StaticPrivateKey& ephemeral, const StaticPublicKey& recipient,
                               BytesView info, Aead aead) {
  Secret shared{32};
  TRY(dh(ephemeral, recipient, shared.expose_mutable()));
  const auto encapsulated = TRY(public_key(ephemeral));
  return Sent{encapsulated, schedule(Mode::base, shared_secret(shared, encapsulated, recipient),
                                     {info, {}, {}, aead})};
}

Result<Context> setup_base_recipient(const StaticPublicKey& encapsulated,
                                     const StaticPrivateKey& recipient, BytesView info, Aead aead) {
  Secret shared{32};
  TRY(dh(recipient, encapsulated, shared.expose_mutable()));
  const auto own = TRY(public_key(recipient));
  return schedule(Mode::base, shared_secret(shared, encapsulated, own), {info, {}, {}, aead});
}

Secret export_secret(const Context& context, Aead aead, BytesView exporter_context,
                     std::size_t size) {
  return labeled_expand(hpke_suite(aead), context.exporter, "sec", exporter_context, size);
}

}  // namespace sp::pushpull::internal::by_openssl
