#include "core/messages/format/padding.h"

#include <bit>

#include "core/messages/format/seal.h"

namespace sp::messages {

std::uint64_t padded(std::uint64_t size) {
  constexpr std::uint64_t least = 1792;
  if (size <= least) return least;
  const auto exponent = static_cast<unsigned>(std::bit_width(size)) - 1;  // E = floor(log2 size)
  const auto significant =
      static_cast<unsigned>(std::bit_width(exponent));  // S = floor(log2 E) + 1
  const std::uint64_t mask = (std::uint64_t{1} << (exponent - significant)) - 1;
  return (size + mask) & ~mask;
}

std::uint64_t sealed_size(std::uint64_t plain) {
  const std::uint64_t segments = (plain + segment_size - 1) / segment_size;
  return plain + segments * openssl::gcm_tag_size;
}

}  // namespace sp::messages
