#pragma once
// Sealing and opening as streams: 64 KiB at a time, whatever the size of the message
// (docs/formats/message.md, section 2).

#include <cstdint>
#include <functional>
#include <span>

#include "base/bytes/bytes.h"
#include "core/messages/format/content.h"
#include "core/messages/format/keys.h"

namespace sp::messages {

inline constexpr std::size_t segment_size = 65536;

/// Fills the front of the span and says how much; 0 at the end.
using Source = std::function<Result<std::size_t>(std::span<std::byte>)>;
/// Takes the next bytes.
using Sink = std::function<Outcome(BytesView)>;

/// Seals `content` with the bytes of its files, which `files` gives one after the other, and hands
/// out one sealed segment at a time. Fails with `invalid_input` past a limit or when `files` gives
/// more or less than the sizes say.
Outcome seal(const ContentKey& key, const MessageId& id, const Content& content,
             const Source& files, const Sink& segments);

/// How many bytes `seal` will hand out.
Result<std::uint64_t> sealed_size(const Content& content);

/// Opens segments as their bytes arrive in pieces of any size. What `plain` is given was
/// authenticated; but only `finish` tells that nothing was cut off.
class SegmentOpener {
 public:
  SegmentOpener(const ContentKey& key, const MessageId& id) : key_(key), id_(id) {}
  Outcome take(BytesView sealed, const Sink& plain);
  /// The end of the sealed content. `corrupt` when the last segment was not the last.
  Outcome finish(const Sink& plain);

 private:
  Outcome open_segment(bool last, const Sink& plain);
  const ContentKey& key_;
  MessageId id_;
  Bytes pending_;
  std::uint64_t next_ = 0;
};

}  // namespace sp::messages
