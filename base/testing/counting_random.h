#pragma once
#include "base/random/random.h"

namespace sp::testing {

/// 0, 1, 2, ... so that an expected value can be written down.
class CountingRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(next_++);
  }

 private:
  std::uint8_t next_ = 0;
};

}  // namespace sp::testing
