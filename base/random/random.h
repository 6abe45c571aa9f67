#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/secret/secret.h"

namespace sp {

/// Where chance comes from. Handed in from main, so that a test can repeat it.
class Random {
 public:
  virtual ~Random() = default;
  /// Fills `out` from a cryptographically secure source. Safe from every thread. Cannot fail: a
  /// machine without randomness ends the process.
  virtual void fill(std::span<std::byte> out) = 0;

  template <std::size_t N>
  std::array<std::byte, N> bytes() {
    std::array<std::byte, N> out;
    fill(out);
    return out;
  }
  Secret secret(std::size_t size);
  /// Uniform in [0, bound); `bound` > 0.
  std::uint64_t below(std::uint64_t bound);
};

/// The operating system's generator (getrandom).
class OsRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

}  // namespace sp
