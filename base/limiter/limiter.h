#pragma once
// How often something may be tried. Memory is fixed when the limiter is made: who comes from a
// million networks evicts the oldest entries and costs nothing more.

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/random/random.h"
#include "base/time/clock.h"

namespace sp {

/// `burst` tries at once, and one more each `every`.
struct Rate {
  int burst = 10;
  Duration every{5'000};
};

/// Safe from every thread.
class Limiter {
 public:
  /// `entries` keys are remembered, 16 bytes each; a power of two, at least 4.
  Limiter(Rate rate, std::size_t entries, Random& random);

  /// How long `key` has to wait; nullopt when it may try now.
  [[nodiscard]] std::optional<Duration> blocked(BytesView key, Instant now) const;
  /// One try of `key`.
  void spend(BytesView key, Instant now);

 private:
  struct Entry {
    std::uint64_t tag = 0;
    std::int64_t due = 0;  // when the next evenly spaced try would come, in milliseconds
  };
  [[nodiscard]] std::uint64_t tag_of(BytesView key) const;
  [[nodiscard]] std::size_t set_of(std::uint64_t tag) const;

  Rate rate_;
  Secret seed_;  // so that nobody can choose keys that fall together
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

/// The network of an address as events name it: IPv4 /24, IPv6 /48; an IPv4 address written as
/// IPv6 is the IPv4 one. "unknown" for what is no address.
std::string source_network(std::string_view address);

}  // namespace sp
