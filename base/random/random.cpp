#include "base/random/random.h"

#include <sys/random.h>

#include <cerrno>
#include <limits>

#include "base/result/ensure.h"

namespace sp {

Secret Random::secret(std::size_t size) {
  Secret out{size};
  fill(out.expose_mutable());
  return out;
}

std::uint64_t Random::below(std::uint64_t bound) {
  ensure(bound > 0);
  constexpr auto top = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t limit =
      top - top % bound;  // values at or above it would favour small results
  std::uint64_t value = 0;
  do {
    fill(std::as_writable_bytes(std::span{&value, 1}));
  } while (value >= limit);
  return value % bound;
}

void OsRandom::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const auto got = ::getrandom(out.data(), out.size(), 0);
    ensure(got > 0 || errno == EINTR);
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace sp
