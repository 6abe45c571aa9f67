#include "pushpull/enrolment/kit.h"

#include "base/openssl/crypto.h"
#include "pushpull/envelope/envelope.h"

namespace sp::pushpull {
namespace {

constexpr std::string_view magic = "SPL1";  // the core's secrets of a link, version 1

void put_optional(bytes::Writer& out, const auto& value) {
  out.u8(value ? 1 : 0);
  if (value) out.raw(value->view());
}
template <class T>
Result<std::optional<T>> take_optional(bytes::Reader& reader) {
  const auto there = TRY(reader.u8());
  if (there > 1) return Error{Code::corrupt, "keys of a link"};
  if (there == 0) return std::optional<T>{};
  const auto raw = TRY(reader.take(T::size));
  return std::optional{TRY(T::of(raw))};
}

}  // namespace

Hash enrolment_proof(const LinkPsk& psk, const EdgeId& edge_id, const StaticPublicKey& edge_key,
                     const StaticPublicKey& core_key, const Pin& pin) {
  return openssl::hmac_sha256(psk.secret().expose(),
                              {bytes::of("sallyport enrol edge"), edge_id.view(), edge_key.view(),
                               core_key.view(), pin.view()});
}

LinkKeys LinkKeys::copy() const {
  LinkKeys made{edge_id, core_key.copy(), epoch, psk.copy(), edge_key, pin, kit_expires_at, {}};
  if (pending) made.pending = Pending{pending->psk.copy(), pending->edge_key};
  return made;
}

Secret encode(const LinkKeys& keys) {
  bytes::Writer out;
  out.raw(magic).raw(keys.edge_id.view()).raw(keys.core_key.secret().expose()).u32(keys.epoch);
  out.raw(keys.psk.secret().expose());
  put_optional(out, keys.edge_key);
  put_optional(out, keys.pin);
  out.u64(static_cast<std::uint64_t>(to_millis(keys.kit_expires_at)));
  out.u8(keys.pending ? 1 : 0);
  if (keys.pending) {
    out.raw(keys.pending->psk.secret().expose());
    put_optional(out, keys.pending->edge_key);
  }
  auto plain = out.take();
  auto secret = Secret::copy_of(plain);
  wipe(plain);
  return secret;
}

Result<LinkKeys> decode_link_keys(BytesView from) {
  bytes::Reader reader{from};
  TRY(reader.expect(bytes::of(magic)));
  const auto edge_id = EdgeId{TRY(reader.array<16>())};
  const auto core_raw = TRY(reader.take(32));
  const auto epoch = TRY(reader.u32());
  const auto psk_raw = TRY(reader.take(32));
  const auto edge_key = TRY(take_optional<StaticPublicKey>(reader));
  const auto pin = TRY(take_optional<Pin>(reader));
  const auto expires = TRY(reader.u64());
  auto core_key = TRY(StaticPrivateKey::of(core_raw));
  auto psk = TRY(LinkPsk::of(psk_raw));
  LinkKeys keys{edge_id,
                std::move(core_key),
                epoch,
                std::move(psk),
                edge_key,
                pin,
                from_millis(static_cast<std::int64_t>(expires)),
                {}};
  const auto has_pending = TRY(reader.u8());
  if (has_pending > 1) return Error{Code::corrupt, "keys of a link"};
  if (has_pending == 1) {
    const auto pending_raw = TRY(reader.take(32));
    auto pending_psk = TRY(LinkPsk::of(pending_raw));
    const auto pending_key = TRY(take_optional<StaticPublicKey>(reader));
    keys.pending = LinkKeys::Pending{std::move(pending_psk), pending_key};
  }
  TRY(reader.end());
  return keys;
}

NewLink make_link(const EdgeId& edge_id, std::string name, std::string kind, Random& random,
                  Instant now) {
  auto core_key = StaticPrivateKey::random(random);
  auto psk = LinkPsk::random(random);
  const auto expires_at = now + kit_life;
  Kit kit{edge_id,    std::move(name), std::move(kind), core_public_key(core_key),
          psk.copy(), expires_at};
  return {std::move(kit),
          LinkKeys{edge_id, std::move(core_key), 0, std::move(psk), {}, {}, expires_at, {}}};
}

}  // namespace sp::pushpull
