#include "pushpull/items/operations.h"

#include "pushpull/items/codec.h"

namespace sp::pushpull {

using codec::decoded;
using codec::encoded;
using codec::Like;

namespace {
constexpr std::uint32_t version_of_protocol = 1;
constexpr std::size_t frame = 96;  // more than keys and heads of an item or event take
}  // namespace

template <class A>
void describe(A& a, Like<Item> auto& v) {
  a.map(4);
  a("seq", v.seq);
  a("kind", v.kind);
  a("id", v.id);
  a("body", v.body);
}
template <class A>
void describe(A& a, Like<Event> auto& v) {
  a.map(5);
  a("seq", v.seq);
  a("kind", v.kind);
  a("id", v.id);
  a("at", v.at);
  a("body", v.body);
}
template <class A>
void describe(A& a, Like<Refused> auto& v) {
  a.map(2);
  a("seq", v.seq);
  a("code", v.code);
}
namespace {
// Written and checked, and not kept.
void version_member(codec::Encoder& a) {
  a("v", version_of_protocol);
}
void version_member(codec::Decoder& a) {
  std::uint32_t version = 0;
  a("v", version);
  a.expect(version == version_of_protocol);
}
}  // namespace

template <class A>
void describe(A& a, Like<HelloRequest> auto& v) {
  a.map(4);
  version_member(a);
  a("core_epoch", v.core_epoch);
  a("now", v.now);
  a("version", v.version);
}
template <class A>
void describe(A& a, Like<CertificateReport> auto& v) {
  a.map(8);
  a("listener", v.listener);
  a("names", v.names);
  a("issuer", v.issuer);
  a("not_before", v.not_before);
  a("not_after", v.not_after);
  a("fingerprint", v.fingerprint);
  a("pin", v.pin);
  a("renewed_by", v.renewed_by);
}
template <class A>
void describe(A& a, Like<HelloResponse> auto& v) {
  a.map(12);
  version_member(a);
  a("edge_epoch", v.edge_epoch);
  a("now", v.now);
  a("version", v.version);
  a("name", v.name);
  a("capabilities", v.capabilities);
  a("applied", v.applied);
  a("last_event", v.last_event);
  a("events_waiting", v.events_waiting);
  a("holds", v.holds);
  a("certificates", v.certificates);
  a("resync", v.resync);
}
template <class A>
void describe(A& a, Like<PushRequest> auto& v) {
  a.map(3);
  a("core_epoch", v.core_epoch);
  a("now", v.now);
  a("items", v.items);
}
template <class A>
void describe(A& a, Like<PushResponse> auto& v) {
  a.map(5);
  a("edge_epoch", v.edge_epoch);
  a("applied", v.applied);
  a("now", v.now);
  a("refused", v.refused);
  a("resync", v.resync);
}
template <class A>
void describe(A& a, Like<PullRequest> auto& v) {
  a.map(3);
  a("ack", v.ack);
  a("wait_ms", v.wait);
  a("max_bytes", v.max_bytes);
}
template <class A>
void describe(A& a, Like<PullResponse> auto& v) {
  a.map(5);
  a("edge_epoch", v.edge_epoch);
  a("now", v.now);
  a("events", v.events);
  a("more", v.more);
  a("resync", v.resync);
}
template <class A>
void describe(A& a, Like<BlobRequest> auto& v) {
  a.map(3);
  a("id", v.id);
  a("offset", v.offset);
  a("length", v.length);
}
template <class A>
void describe(A& a, Like<BlobResponse> auto& v) {
  a.map(2);
  a("total", v.total);
  a("data", v.data);
}
namespace {
struct RekeyOnTheWire {
  std::uint32_t epoch = 0;
  std::array<std::byte, LinkPsk::size> psk{};
  RekeyOnTheWire() = default;
  RekeyOnTheWire(const RekeyOnTheWire&) = default;
  RekeyOnTheWire& operator=(const RekeyOnTheWire&) = delete;
  ~RekeyOnTheWire() { wipe(psk); }
};
template <class A>
void describe(A& a, Like<RekeyOnTheWire> auto& v) {
  a.map(2);
  a("epoch", v.epoch);
  a("psk", v.psk);
}
}  // namespace
template <class A>
void describe(A& a, Like<RekeyResponse> auto& v) {
  a.map(2);
  a("epoch", v.epoch);
  a("key", v.key);
}
template <class A>
void describe(A& a, Like<EnrolmentKey> auto& v) {
  a.map(3);
  a("edge_id", v.edge_id);
  a("key", v.key);
  a("proof", v.proof);
}

Bytes encode(const HelloRequest& value) {
  return encoded(value);
}
Bytes encode(const HelloResponse& value) {
  return encoded(value);
}
Bytes encode(const PushRequest& value) {
  return encoded(value);
}
Bytes encode(const PushResponse& value) {
  return encoded(value);
}
Bytes encode(const PullRequest& value) {
  return encoded(value);
}
Bytes encode(const PullResponse& value) {
  return encoded(value);
}
Bytes encode(const BlobRequest& value) {
  return encoded(value);
}
Bytes encode(const BlobResponse& value) {
  return encoded(value);
}
Bytes encode(const RekeyRequest& value) {
  RekeyOnTheWire wire;
  wire.epoch = value.epoch;
  const auto psk = value.psk.secret().expose();
  std::copy(psk.begin(), psk.end(), wire.psk.begin());
  return encoded(wire);
}
Bytes encode(const RekeyResponse& value) {
  return encoded(value);
}
Bytes encode(const EnrolmentKey& value) {
  return encoded(value);
}

Result<HelloRequest> decode_hello_request(BytesView from) {
  return decoded<HelloRequest>(from);
}
Result<HelloResponse> decode_hello_response(BytesView from) {
  return decoded<HelloResponse>(from);
}
Result<PushRequest> decode_push_request(BytesView from) {
  return decoded<PushRequest>(from);
}
Result<PushResponse> decode_push_response(BytesView from) {
  return decoded<PushResponse>(from);
}
Result<PullRequest> decode_pull_request(BytesView from) {
  return decoded<PullRequest>(from);
}
Result<PullResponse> decode_pull_response(BytesView from) {
  return decoded<PullResponse>(from);
}
Result<BlobRequest> decode_blob_request(BytesView from) {
  return decoded<BlobRequest>(from);
}
Result<BlobResponse> decode_blob_response(BytesView from) {
  return decoded<BlobResponse>(from);
}
Result<RekeyRequest> decode_rekey_request(BytesView from) {
  const auto wire = TRY(decoded<RekeyOnTheWire>(from));
  auto psk = TRY(LinkPsk::of(wire.psk));
  return RekeyRequest{wire.epoch, std::move(psk)};
}
Result<RekeyResponse> decode_rekey_response(BytesView from) {
  return decoded<RekeyResponse>(from);
}
Result<EnrolmentKey> decode_enrolment_key(BytesView from) {
  return decoded<EnrolmentKey>(from);
}

std::size_t encoded_size(const Item& item) {
  return frame + item.kind.size() + item.id.size() + item.body.size();
}
std::size_t encoded_size(const Event& event) {
  return frame + event.kind.size() + event.id.size() + event.body.size();
}

}  // namespace sp::pushpull
