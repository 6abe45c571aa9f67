#pragma once
// Items (core to edge) and events (edge to core), and what stands in their bodies:
// docs/formats/pushpull.md section 4. `encode` and `decode_*` are strict: one value has one form.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/time/clock.h"
#include "pushpull/envelope/keys.h"

namespace sp::pushpull {

using Hash = std::array<std::byte, 32>;  ///< a SHA-256 value
using Salt = std::array<std::byte, 16>;

/// Something the core asks an edge to hold or do. Items of one link are numbered from 1.
struct Item {
  std::uint64_t seq = 0;
  std::string kind;
  Bytes id;    ///< SHA-256 of the message id, or empty
  Bytes body;  ///< CBOR, one of the structs below
};
/// Something that happened at an edge.
struct Event {
  std::uint64_t seq = 0;
  std::string kind;
  Bytes id;
  Instant at{};
  Bytes body;
};

inline constexpr std::size_t most_items_in_batch = 1024;
inline constexpr std::size_t most_batch_bytes = 8U << 20U;  ///< of encoded items
inline constexpr std::size_t most_item_body = (1U << 20U) + (64U << 10U);
inline constexpr std::size_t chunk_size = 1U << 20U;  ///< sealed content in one item
inline constexpr std::size_t live_ids_in_part = 100'000;

namespace kind {  // of items
inline constexpr std::string_view message_chunk = "message.chunk";
inline constexpr std::string_view message_put = "message.put";
inline constexpr std::string_view message_revoke = "message.revoke";
inline constexpr std::string_view settings_put = "settings.put";
inline constexpr std::string_view key_rotate = "key.rotate";  ///< answered by the intake itself
inline constexpr std::string_view resync = "resync";          ///< answered by the inbox itself
// of events
inline constexpr std::string_view message_viewed = "message.viewed";
inline constexpr std::string_view message_refused = "message.refused";
inline constexpr std::string_view message_destroyed = "message.destroyed";
inline constexpr std::string_view message_lost = "message.lost";
inline constexpr std::string_view edge_warning = "edge.warning";
}  // namespace kind

struct MessageChunk {
  std::uint32_t index = 0;
  Bytes data;
};
struct MessagePut {
  Hash link{};               ///< SHA-256(link_proof)
  std::optional<Hash> pass;  ///< SHA-256(pass_proof)
  std::optional<Salt> salt;
  std::uint32_t memory_kib = 0;
  std::uint32_t passes = 0;
  std::uint32_t views = 1;
  std::uint32_t attempts = 0;
  Instant expires_at{};
  Duration grace{};
  std::optional<std::string> sender;
  std::uint64_t size = 0;    ///< of the sealed content in all
  std::uint32_t chunks = 0;  ///< message.chunk items that went before; 0 when `data` has it all
  Bytes data;
};
struct SettingsPut {
  std::string name, colour, help;
  std::vector<std::string> languages;
  Bytes logo;
  std::string logo_type;
};
/// A message that should live on the edge, and how many views the core believes are left.
struct LiveMessage {
  Hash id{};
  std::uint32_t views_left = 0;
};
struct Resync {
  Epoch edge_epoch;  ///< the one that the edge had; a replayed resync names an old one
  std::uint32_t part = 0;
  std::uint32_t parts = 1;
  std::uint64_t last_event = 0;  ///< the core's cursor
  std::vector<LiveMessage> live;
};

struct MessageViewed {
  std::uint32_t view = 0, left = 0;
  std::string source;
};
struct MessageRefused {
  std::uint32_t left = 0;
  std::string source;
};
struct MessageDestroyed {
  std::string reason;  ///< views, expired, recipient, sender, passphrase, resync
};
struct EdgeWarning {
  std::string code;  ///< clock_ran_back, disk_full, disk_ok
};

Bytes encode(const MessageChunk& body);
Bytes encode(const MessagePut& body);
Bytes encode(const SettingsPut& body);
Bytes encode(const Resync& body);
Bytes encode(const MessageViewed& body);
Bytes encode(const MessageRefused& body);
Bytes encode(const MessageDestroyed& body);
Bytes encode(const EdgeWarning& body);
Bytes empty_body();  ///< `{}` of message.revoke, key.rotate, message.lost

// All fail with `invalid_input` on anything that `encode` would not have written.
Result<MessageChunk> decode_message_chunk(BytesView body);
Result<MessagePut> decode_message_put(BytesView body);
Result<SettingsPut> decode_settings_put(BytesView body);
Result<Resync> decode_resync(BytesView body);
Result<MessageViewed> decode_message_viewed(BytesView body);
Result<MessageRefused> decode_message_refused(BytesView body);
Result<MessageDestroyed> decode_message_destroyed(BytesView body);
Result<EdgeWarning> decode_edge_warning(BytesView body);
Outcome decode_empty(BytesView body);

}  // namespace sp::pushpull
