#include "base/random/id.h"

namespace sp {
namespace {

// The first six bits of an id that begins with `-`.
bool is_dash(std::byte first) {
  return (first >> 2U) == std::byte{62};
}

}  // namespace

std::array<std::byte, 16> random_id(Random& random) {
  auto id = random.bytes<16>();
  while (is_dash(id[0])) id = random.bytes<16>();
  return id;
}

}  // namespace sp
