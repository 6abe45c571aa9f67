#include "pushpull/envelope/envelope.h"

#include "base/openssl/crypto.h"
#include "pushpull/envelope/internal/hpke.h"

namespace sp::pushpull {
namespace {

namespace core_side = internal::by_openssl;
namespace edge_side = internal::by_psa;

constexpr std::string_view magic = "SPP1";
constexpr std::string_view info = "sallyport pushpull v1";
constexpr std::string_view response_label = "sallyport response";
constexpr std::uint8_t request_kind = 1;
constexpr std::uint8_t response_kind = 2;
constexpr std::size_t head_without_key = 26;

Bytes psk_id(const RequestHeader& header) {
  return bytes::Writer{}.raw(header.edge_id.view()).u32(header.key_epoch).take();
}
internal::Agreed agreed(const LinkPsk& psk, BytesView id) {
  return {bytes::of(info), psk.secret().expose(), id};
}
Bytes write_head(const RequestHeader& header, const StaticPublicKey& encapsulated) {
  return bytes::Writer{}
      .raw(magic)
      .u8(request_kind)
      .u8(static_cast<std::uint8_t>(header.operation))
      .raw(header.edge_id.view())
      .u32(header.key_epoch)
      .raw(encapsulated.view())
      .take();
}
Bytes response_head(Operation operation, BytesView nonce) {
  return bytes::Writer{}
      .raw(magic)
      .u8(response_kind)
      .u8(static_cast<std::uint8_t>(operation))
      .raw(nonce)
      .take();
}
Bytes salt_of(BytesView encapsulated, BytesView nonce) {
  return bytes::Writer{}.raw(encapsulated).raw(nonce).take();
}
template <std::size_t N>
std::array<std::byte, N> array_of(const Secret& secret) {
  std::array<std::byte, N> made;
  std::copy_n(secret.expose().begin(), N, made.begin());
  return made;
}
Outcome check_size(std::size_t plain, std::size_t head) {
  if (plain > most_envelope_size - head - envelope_tag_size)
    return Error{Code::invalid_input, "envelope too large"};
  return {};
}
// One reason for all, so that nothing can be learnt from which it was.
Error does_not_open() {
  return Error{Code::corrupt, "envelope does not open"};
}

}  // namespace

Result<RequestHeader> read_request_header(BytesView envelope) {
  if (envelope.size() < request_header_size + envelope_tag_size ||
      envelope.size() > most_envelope_size)
    return Error{Code::invalid_input, "envelope size"};
  bytes::Reader reader{envelope};
  TRY(reader.expect(bytes::of(magic)));
  const auto kind = TRY(reader.u8());
  const auto operation = TRY(reader.u8());
  if (kind != request_kind || operation < 1 || operation > 5)
    return Error{Code::invalid_input, "envelope kind"};
  const auto edge_id = TRY(reader.array<16>());
  const auto epoch = TRY(reader.u32());
  return RequestHeader{static_cast<Operation>(operation), EdgeId{edge_id}, epoch};
}

StaticPublicKey core_public_key(const StaticPrivateKey& key) {
  const auto made = core_side::public_key(key);
  ensure(made.has_value());  // any 32 bytes are an X25519 key
  return *made;
}
Result<StaticPublicKey> edge_public_key(const StaticPrivateKey& key) {
  return edge_side::public_key(key);
}

Result<SealedRequest> seal_request(const RequestHeader& header, const StaticPrivateKey& core,
                                   const StaticPublicKey& edge, const LinkPsk& psk, BytesView plain,
                                   Random& random) {
  TRY(check_size(plain.size(), request_header_size));
  const auto ephemeral = StaticPrivateKey::random(random);
  const auto id = psk_id(header);
  const auto sent = TRY(core_side::setup_sender(ephemeral, edge, core, agreed(psk, id)));
  auto envelope = write_head(header, sent.encapsulated);
  const auto sealed = openssl::gcm_seal(sent.context.key, sent.context.nonce, envelope, plain);
  bytes::append(envelope, sealed);
  auto secret = core_side::export_secret(sent.context, internal::Aead::aes_256_gcm,
                                         bytes::of(response_label), 32);
  return SealedRequest{
      std::move(envelope),
      ResponseOpener{header.operation, bytes::copy(sent.encapsulated.view()), std::move(secret)}};
}

Result<Bytes> ResponseOpener::open(BytesView envelope) const {
  if (envelope.size() < response_header_size + envelope_tag_size ||
      envelope.size() > most_envelope_size)
    return does_not_open();
  const auto head = envelope.first(response_header_size);
  const auto nonce_r = head.last(32);
  const auto wanted = response_head(operation_, nonce_r);
  if (!std::equal(wanted.begin(), wanted.end(), head.begin())) return does_not_open();
  const auto prk = openssl::hkdf_extract(salt_of(encapsulated_, nonce_r), {secret_.expose()});
  const auto key = openssl::hkdf_expand(prk, "key", 32);
  const auto nonce =
      array_of<internal::nonce_size>(openssl::hkdf_expand(prk, "nonce", internal::nonce_size));
  const auto plain = openssl::gcm_open(key, nonce, head, envelope.subspan(response_header_size));
  if (!plain) return does_not_open();
  return bytes::copy(plain->expose());
}

Result<OpenedRequest> open_request(BytesView envelope, const StaticPrivateKey& edge,
                                   const StaticPublicKey& core, const LinkPsk& psk) {
  const auto header = read_request_header(envelope);
  if (!header) return does_not_open();
  const auto head = envelope.first(request_header_size);
  const auto encapsulated = StaticPublicKey::of(head.subspan(head_without_key));
  ensure(encapsulated.has_value());
  const auto id = psk_id(*header);
  const auto context = edge_side::setup_recipient(*encapsulated, edge, core, agreed(psk, id));
  if (!context) return does_not_open();
  auto plain =
      edge_side::open(context->key, context->nonce, head, envelope.subspan(request_header_size));
  if (!plain) return does_not_open();
  auto secret = TRY(edge_side::export_secret(*context, internal::Aead::aes_256_gcm,
                                             bytes::of(response_label), 32));
  return OpenedRequest{
      *header, *std::move(plain),
      ResponseSealer{header->operation, bytes::copy(encapsulated->view()), std::move(secret)}};
}

Result<Bytes> ResponseSealer::seal(BytesView plain, Random& random) const {
  TRY(check_size(plain.size(), response_header_size));
  const auto nonce_r = random.bytes<32>();
  auto envelope = response_head(operation_, nonce_r);
  const auto prk = TRY(edge_side::extract(salt_of(encapsulated_, nonce_r), secret_.expose()));
  const auto key = TRY(edge_side::expand(prk, bytes::of("key"), 32));
  const auto iv = TRY(edge_side::expand(prk, bytes::of("nonce"), internal::nonce_size));
  const auto sealed =
      TRY(edge_side::seal(key, array_of<internal::nonce_size>(iv), envelope, plain));
  bytes::append(envelope, sealed);
  return envelope;
}

}  // namespace sp::pushpull
