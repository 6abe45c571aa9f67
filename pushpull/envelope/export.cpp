#include "pushpull/envelope/export.h"

#include "pushpull/envelope/internal/hpke.h"

namespace sp::pushpull {
namespace {

constexpr auto aead = internal::Aead::aes_256_gcm;
constexpr std::size_t secret_size = 32;

}  // namespace

Result<Exported> edge_export(const StaticPublicKey& core, const Purpose& purpose, Random& random) {
  const auto ephemeral = StaticPrivateKey::random(random);
  const auto sent = TRY(internal::by_psa::setup_base_sender(ephemeral, core, purpose.info, aead));
  auto secret = TRY(internal::by_psa::export_secret(
      sent.context, aead, bytes::of(purpose.exporter_context), secret_size));
  return Exported{sent.encapsulated, std::move(secret)};
}

Result<Secret> core_import(const StaticPublicKey& encapsulated, const StaticPrivateKey& core,
                           const Purpose& purpose) {
  const auto context =
      TRY(internal::by_openssl::setup_base_recipient(encapsulated, core, purpose.info, aead));
  return internal::by_openssl::export_secret(context, aead, bytes::of(purpose.exporter_context),
                                             secret_size);
}

Result<Secret> edge_expand(const Secret& key, std::string_view info, std::size_t size) {
  return internal::by_psa::expand(key, bytes::of(info), size);
}

Result<Bytes> edge_seal_once(const Secret& key, BytesView aad, BytesView plain) {
  return internal::by_psa::seal(key, internal::Nonce{}, aad, plain);
}

}  // namespace sp::pushpull
