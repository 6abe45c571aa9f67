#pragma once
#include <cstdint>

namespace sp::messages {

/// The size that `size` bytes of plain content are padded to, so that the length tells little:
/// 1,792 up to there, else Padmé (docs/formats/message.md, section 2). At most an eighth more.
std::uint64_t padded(std::uint64_t size);

/// The size of the sealed content of `plain` bytes: a 16-byte tag for each segment.
std::uint64_t sealed_size(std::uint64_t plain);

}  // namespace sp::messages
