// The edge's side. Written from RFC 9180 and RFC 5869 over PSA's HMAC, key agreement and AEAD
// alone, which Mbed TLS 2.28 and 3.6 both have; shares no step with the OpenSSL side.

#include <psa/crypto.h>

#include <mutex>

#include "pushpull/envelope/internal/hpke.h"

namespace sp::pushpull::internal::by_psa {
namespace {

// Mbed TLS before 3.6 guards its key slots by nothing: one caller at a time.
std::mutex& psa_mutex() {
  static std::mutex mutex;
  return mutex;
}

Error failed(std::string_view step, psa_status_t status, Code code = Code::internal) {
  return Error{code, std::string{step} + " psa:" + std::to_string(status)};
}

const std::uint8_t* in(BytesView view) {
  static constexpr std::uint8_t none = 0;  // PSA wants a pointer even to nothing
  return view.empty() ? &none : reinterpret_cast<const std::uint8_t*>(view.data());
}
std::uint8_t* out(std::span<std::byte> view) {
  return reinterpret_cast<std::uint8_t*>(view.data());
}

/// A key inside PSA for as long as it is needed. Holds the mutex meanwhile.
class Loaded {
 public:
  static Result<Loaded> key(BytesView material, psa_key_type_t type, psa_algorithm_t algorithm,
                            psa_key_usage_t usage) {
    Loaded loaded;
    static const psa_status_t started = ::psa_crypto_init();
    if (started != PSA_SUCCESS) return failed("start", started);
    psa_key_attributes_t attributes = ::psa_key_attributes_init();
    ::psa_set_key_type(&attributes, type);
    ::psa_set_key_algorithm(&attributes, algorithm);
    ::psa_set_key_usage_flags(&attributes, usage);
    const auto status = ::psa_import_key(&attributes, in(material), material.size(), &loaded.id_);
    if (status != PSA_SUCCESS) return failed("import key", status);
    return loaded;
  }
  Loaded(Loaded&& other) noexcept
      : lock_(std::move(other.lock_)), id_(std::exchange(other.id_, PSA_KEY_ID_NULL)) {}
  Loaded& operator=(Loaded&&) = delete;
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;
  ~Loaded() {
    if (id_ != PSA_KEY_ID_NULL) ::psa_destroy_key(id_);
  }
  [[nodiscard]] psa_key_id_t id() const { return id_; }

 private:
  Loaded() : lock_(psa_mutex()) {}
  std::unique_lock<std::mutex> lock_;
  psa_key_id_t id_ = PSA_KEY_ID_NULL;
};

Result<Loaded> load_private(const StaticPrivateKey& key) {
  return Loaded::key(key.secret().expose(), PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY),
                     PSA_ALG_ECDH, PSA_KEY_USAGE_DERIVE);
}
Result<Loaded> load_aes(const Secret& key, psa_key_usage_t usage) {
  return Loaded::key(key.expose(), PSA_KEY_TYPE_AES, PSA_ALG_GCM, usage);
}

Result<Secret> agree(const StaticPrivateKey& mine, const StaticPublicKey& theirs) {
  const auto key = TRY(load_private(mine));
  Secret shared{32};
  std::size_t size = 0;
  const auto status =
      ::psa_raw_key_agreement(PSA_ALG_ECDH, key.id(), in(theirs.view()), theirs.size,
                              out(shared.expose_mutable()), shared.size(), &size);
  if (status != PSA_SUCCESS || size != 32) return failed("agree", status, Code::invalid_input);
  // RFC 9180 section 7.1.4: an all-zero result must be refused; a library may not do it for us.
  if (shared == Secret{32}) return Error{Code::invalid_input, "agree: no contribution"};
  return shared;
}

/// One of the two families of labels, "KEM" and "HPKE" (RFC 9180 section 4).
class Labels {
 public:
  static Labels kem() {
    return Labels{{std::byte{'K'}, std::byte{'E'}, std::byte{'M'}, {}, std::byte{0x20}}};
  }
  static Labels hpke(Aead aead) {
    auto suite = bytes::copy(bytes::of("HPKE"));
    for (const unsigned id : {0x0020U, 0x0001U, static_cast<unsigned>(aead)}) {
      suite.push_back(static_cast<std::byte>(id >> 8U));
      suite.push_back(static_cast<std::byte>(id & 0xffU));
    }
    return Labels{std::move(suite)};
  }

  [[nodiscard]] Result<Secret> extract_with(BytesView salt, std::string_view label,
                                            BytesView input) const {
    auto prefix = bytes::copy(bytes::of("HPKE-v1"));
    bytes::append(prefix, suite_);
    bytes::append(prefix, bytes::of(label));
    auto made = TRY(hmac(salt, {prefix, input}));
    auto secret = Secret::copy_of(made);
    wipe(made);
    return secret;
  }
  [[nodiscard]] Result<Secret> expand_to(std::size_t size, const Secret& key,
                                         std::string_view label, BytesView info) const {
    Bytes labeled{static_cast<std::byte>(size >> 8U), static_cast<std::byte>(size & 0xffU)};
    bytes::append(labeled, bytes::of("HPKE-v1"));
    bytes::append(labeled, suite_);
    bytes::append(labeled, bytes::of(label));
    bytes::append(labeled, info);
    return expand(key, labeled, size);
  }

 private:
  explicit Labels(Bytes suite) : suite_(std::move(suite)) {}
  Bytes suite_;
};

Result<Secret> kem_secret(const Secret& dh,
                          std::initializer_list<const StaticPublicKey*> public_keys) {
  Bytes context;
  for (const auto* key : public_keys) bytes::append(context, key->view());
  const auto labels = Labels::kem();
  const auto eae = TRY(labels.extract_with({}, "eae_prk", dh.expose()));
  return labels.expand_to(32, eae, "shared_secret", context);
}
Result<Secret> decapsulated(const Secret& ephemeral_dh, const Secret& static_dh,
                            std::initializer_list<const StaticPublicKey*> enc_recipient_sender) {
  Secret joined{64};
  std::copy_n(ephemeral_dh.expose().begin(), 32, joined.expose_mutable().begin());
  std::copy_n(static_dh.expose().begin(), 32, joined.expose_mutable().begin() + 32);
  return kem_secret(joined, enc_recipient_sender);
}

Result<Context> scheduled(Mode mode, const Secret& shared, const Agreed& agreed) {
  const auto labels = Labels::hpke(agreed.aead);
  Bytes context{static_cast<std::byte>(mode)};
  const auto id_hash = TRY(labels.extract_with({}, "psk_id_hash", agreed.psk_id));
  const auto info_hash = TRY(labels.extract_with({}, "info_hash", agreed.info));
  bytes::append(context, id_hash.expose());
  bytes::append(context, info_hash.expose());
  const auto secret = TRY(labels.extract_with(shared.expose(), "secret", agreed.psk));
  Context made;
  made.key = TRY(labels.expand_to(key_size(agreed.aead), secret, "key", context));
  const auto nonce = TRY(labels.expand_to(nonce_size, secret, "base_nonce", context));
  std::copy_n(nonce.expose().begin(), nonce_size, made.nonce.begin());
  made.exporter = TRY(labels.expand_to(32, secret, "exp", context));
  return made;
}

}  // namespace

Result<std::array<std::byte, 32>> hmac(BytesView key, std::initializer_list<BytesView> parts) {
  // PSA takes no empty key. HMAC fills keys up with zeros, so one block of them is the same key.
  static constexpr std::array<std::byte, 64> empty_key{};
  const auto loaded = TRY(Loaded::key(key.empty() ? BytesView{empty_key} : key, PSA_KEY_TYPE_HMAC,
                                      PSA_ALG_HMAC(PSA_ALG_SHA_256), PSA_KEY_USAGE_SIGN_MESSAGE));
  psa_mac_operation_t operation = ::psa_mac_operation_init();
  auto status = ::psa_mac_sign_setup(&operation, loaded.id(), PSA_ALG_HMAC(PSA_ALG_SHA_256));
  for (const auto part : parts)
    if (status == PSA_SUCCESS) status = ::psa_mac_update(&operation, in(part), part.size());
  std::array<std::byte, 32> made{};
  std::size_t size = 0;
  if (status == PSA_SUCCESS)
    status = ::psa_mac_sign_finish(&operation, out(made), made.size(), &size);
  if (status == PSA_SUCCESS && size == made.size()) return made;
  ::psa_mac_abort(&operation);
  return failed("hmac", status);
}

Result<Secret> extract(BytesView salt, BytesView input) {
  auto made = TRY(hmac(salt, {input}));
  auto secret = Secret::copy_of(made);
  wipe(made);
  return secret;
}

Result<Secret> expand(const Secret& key, BytesView info, std::size_t size) {
  ensure(size <= 255U * 32U);
  Secret output{size};
  auto left = output.expose_mutable();
  std::array<std::byte, 32> block{};
  std::size_t previous = 0;
  for (std::uint8_t round = 1; !left.empty(); ++round) {
    const auto tail = static_cast<std::byte>(round);
    block = TRY(hmac(key.expose(), {BytesView{block}.first(previous), info, BytesView{&tail, 1}}));
    previous = block.size();
    const auto count = std::min(left.size(), block.size());
    std::copy_n(block.begin(), count, left.begin());
    left = left.subspan(count);
  }
  wipe(block);
  return output;
}

Result<Bytes> seal(const Secret& key, const Nonce& nonce, BytesView aad, BytesView plain) {
  const auto loaded = TRY(load_aes(key, PSA_KEY_USAGE_ENCRYPT));
  Bytes sealed(plain.size() + 16);
  std::size_t size = 0;
  const auto status =
      ::psa_aead_encrypt(loaded.id(), PSA_ALG_GCM, in(nonce), nonce.size(), in(aad), aad.size(),
                         in(plain), plain.size(), out(sealed), sealed.size(), &size);
  if (status != PSA_SUCCESS || size != sealed.size()) return failed("seal", status);
  return sealed;
}

Result<Bytes> open(const Secret& key, const Nonce& nonce, BytesView aad, BytesView sealed) {
  if (sealed.size() < 16) return Error{Code::corrupt, "shorter than its tag"};
  const auto loaded = TRY(load_aes(key, PSA_KEY_USAGE_DECRYPT));
  Bytes plain(sealed.size() - 16);
  std::byte nothing{};  // PSA wants an output pointer even for no bytes
  std::size_t size = 0;
  const auto status = ::psa_aead_decrypt(
      loaded.id(), PSA_ALG_GCM, in(nonce), nonce.size(), in(aad), aad.size(), in(sealed),
      sealed.size(), plain.empty() ? out({&nothing, 1}) : out(plain), plain.size(), &size);
  if (status == PSA_SUCCESS && size == plain.size()) return plain;
  wipe(plain);
  return failed("open", status, Code::corrupt);
}

Result<StaticPublicKey> public_key(const StaticPrivateKey& key) {
  const auto loaded = TRY(load_private(key));
  StaticPublicKey made;
  std::size_t size = 0;
  const auto status = ::psa_export_public_key(loaded.id(), out(made.bytes), made.size, &size);
  if (status != PSA_SUCCESS || size != made.size) return failed("public key", status);
  return made;
}

Result<Sent> setup_sender(const StaticPrivateKey& ephemeral, const StaticPublicKey& recipient,
                          const StaticPrivateKey& sender, const Agreed& agreed) {
  const auto encapsulated = TRY(public_key(ephemeral));
  const auto own = TRY(public_key(sender));
  const auto first = TRY(agree(ephemeral, recipient));
  const auto second = TRY(agree(sender, recipient));
  const auto shared = TRY(decapsulated(first, second, {&encapsulated, &recipient, &own}));
  auto context = TRY(scheduled(Mode::auth_psk, shared, agreed));
  return Sent{encapsulated, std::move(context)};
}

Result<Context> setup_recipient(const StaticPublicKey& encapsulated,
                                const StaticPrivateKey& recipient, const StaticPublicKey& sender,
                                const Agreed& agreed) {
  const auto own = TRY(public_key(recipient));
  const auto first = TRY(agree(recipient, encapsulated));
  const auto second = TRY(agree(recipient, sender));
  const auto shared = TRY(decapsulated(first, second, {&encapsulated, &own, &sender}));
  return scheduled(Mode::auth_psk, shared, agreed);
}

Result<Sent> setup_base_sender(const StaticPrivateKey& ephemeral, const StaticPublicKey& recipient,
                               BytesView info, Aead aead) {
  const auto encapsulated = TRY(public_key(ephemeral));
  const auto dh = TRY(agree(ephemeral, recipient));
  const auto shared = TRY(kem_secret(dh, {&encapsulated, &recipient}));
  auto context = TRY(scheduled(Mode::base, shared, {info, {}, {}, aead}));
  return Sent{encapsulated, std::move(context)};
}

Result<Context> setup_base_recipient(const StaticPublicKey& encapsulated,
                                     const StaticPrivateKey& recipient, BytesView info, Aead aead) {
  const auto own = TRY(public_key(recipient));
  const auto dh = TRY(agree(recipient, encapsulated));
  const auto shared = TRY(kem_secret(dh, {&encapsulated, &own}));
  return scheduled(Mode::base, shared, {info, {}, {}, aead});
}

Result<Secret> export_secret(const Context& context, Aead aead, BytesView exporter_context,
                             std::size_t size) {
  return Labels::hpke(aead).expand_to(size, context.exporter, "sec", exporter_context);
}

}  // namespace sp::pushpull::internal::by_psa
