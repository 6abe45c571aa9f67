#include "pushpull/items/items.h"

#include "base/result/ensure.h"
#include "pushpull/items/codec.h"

namespace sp::pushpull {

using codec::decoded;
using codec::encoded;
using codec::Like;

namespace {

struct Nothing {};
template <class A>
void describe(A& a, Like<Nothing> auto& /*value*/) {
  a.map(0);
}

}  // namespace

template <class A>
void describe(A& a, Like<MessageChunk> auto& v) {
  a.map(2);
  a("index", v.index);
  a("data", v.data);
}
template <class A>
void describe(A& a, Like<MessagePut> auto& v) {
  a.map(13);
  a("link", v.link);
  a("pass", v.pass);
  a("salt", v.salt);
  a("memory_kib", v.memory_kib);
  a("passes", v.passes);
  a("views", v.views);
  a("attempts", v.attempts);
  a("expires_at", v.expires_at);
  a("grace_ms", v.grace);
  a("sender", v.sender);
  a("size", v.size);
  a("chunks", v.chunks);
  a("data", v.data);
}
template <class A>
void describe(A& a, Like<SettingsPut> auto& v) {
  a.map(6);
  a("name", v.name);
  a("colour", v.colour);
  a("help", v.help);
  a("languages", v.languages);
  a("logo", v.logo);
  a("logo_type", v.logo_type);
}

namespace {

// The list as it travels: each entry is the id followed by the views left, big-endian.
using LiveEntry = std::array<std::byte, 36>;
struct ResyncOnTheWire {
  Epoch edge_epoch;
  std::uint32_t part = 0, parts = 0;
  std::uint64_t last_event = 0;
  std::vector<LiveEntry> live;
};
template <class A>
void describe(A& a, Like<ResyncOnTheWire> auto& v) {
  a.map(5);
  a("edge_epoch", v.edge_epoch);
  a("part", v.part);
  a("parts", v.parts);
  a("last_event", v.last_event);
  a("live", v.live);
}

LiveEntry entry_of(const LiveMessage& message) {
  LiveEntry entry;
  std::copy(message.id.begin(), message.id.end(), entry.begin());
  const auto left = bytes::Writer{}.u32(message.views_left).take();
  std::copy(left.begin(), left.end(), entry.begin() + 32);
  return entry;
}
LiveMessage message_of(const LiveEntry& entry) {
  bytes::Reader reader{entry};
  LiveMessage message;
  message.id = reader.array<32>().value();
  message.views_left = reader.u32().value();
  return message;
}

}  // namespace

template <class A>
void describe(A& a, Like<MessageViewed> auto& v) {
  a.map(3);
  a("view", v.view);
  a("left", v.left);
  a("source", v.source);
}
template <class A>
void describe(A& a, Like<MessageRefused> auto& v) {
  a.map(2);
  a("left", v.left);
  a("source", v.source);
}
template <class A>
void describe(A& a, Like<MessageDestroyed> auto& v) {
  a.map(1);
  a("reason", v.reason);
}
template <class A>
void describe(A& a, Like<EdgeWarning> auto& v) {
  a.map(1);
  a("code", v.code);
}

Bytes encode(const MessageChunk& body) {
  return encoded(body);
}
Bytes encode(const MessagePut& body) {
  return encoded(body);
}
Bytes encode(const SettingsPut& body) {
  return encoded(body);
}
Bytes encode(const MessageViewed& body) {
  return encoded(body);
}
Bytes encode(const MessageRefused& body) {
  return encoded(body);
}
Bytes encode(const MessageDestroyed& body) {
  return encoded(body);
}
Bytes encode(const EdgeWarning& body) {
  return encoded(body);
}
Bytes empty_body() {
  return encoded(Nothing{});
}
Bytes encode(const Resync& body) {
  ensure(body.live.size() <= live_ids_in_part);
  ResyncOnTheWire wire{body.edge_epoch, body.part, body.parts, body.last_event, {}};
  wire.live.reserve(body.live.size());
  for (const auto& message : body.live) wire.live.push_back(entry_of(message));
  return encoded(wire);
}

Result<MessageChunk> decode_message_chunk(BytesView body) {
  return decoded<MessageChunk>(body);
}
Result<MessagePut> decode_message_put(BytesView body) {
  return decoded<MessagePut>(body);
}
Result<SettingsPut> decode_settings_put(BytesView body) {
  return decoded<SettingsPut>(body);
}
Result<MessageViewed> decode_message_viewed(BytesView body) {
  return decoded<MessageViewed>(body);
}
Result<MessageRefused> decode_message_refused(BytesView body) {
  return decoded<MessageRefused>(body);
}
Result<MessageDestroyed> decode_message_destroyed(BytesView body) {
  return decoded<MessageDestroyed>(body);
}
Result<EdgeWarning> decode_edge_warning(BytesView body) {
  return decoded<EdgeWarning>(body);
}
Outcome decode_empty(BytesView body) {
  TRY(decoded<Nothing>(body));
  return {};
}
Result<Resync> decode_resync(BytesView body) {
  const auto wire = TRY(decoded<ResyncOnTheWire>(body));
  if (wire.parts == 0 || wire.part >= wire.parts)
    return Error{Code::invalid_input, "part of a resync"};
  Resync resync{wire.edge_epoch, wire.part, wire.parts, wire.last_event, {}};
  resync.live.reserve(wire.live.size());
  for (const auto& entry : wire.live) resync.live.push_back(message_of(entry));
  return resync;
}

}  // namespace sp::pushpull
