#include "base/random/id.h"
#include "base/testing/catch.h"

namespace sp {
namespace {

TEST_CASE("two draws differ", "[random]") {
  OsRandom random;

  CHECK(random.bytes<32>() != random.bytes<32>());
  CHECK_FALSE((random.secret(32) == random.secret(32)));
}

TEST_CASE("a bounded draw stays below its bound and reaches each value", "[random]") {
  OsRandom random;
  std::array<int, 3> seen{};

  for (int i = 0; i < 300; ++i) ++seen.at(random.below(3));

  CHECK(seen[0] > 0);
  CHECK(seen[1] > 0);
  CHECK(seen[2] > 0);
}

// Gives the first bytes it is told, and after them ones.
class Told final : public Random {
 public:
  explicit Told(std::vector<std::byte> first) : first_(std::move(first)) {}
  void fill(std::span<std::byte> out) override {
    for (auto& byte : out) byte = std::byte{1};
    if (draw_ < first_.size()) out[0] = first_[draw_];
    ++draw_;
  }

 private:
  std::vector<std::byte> first_;
  std::size_t draw_ = 0;
};

TEST_CASE("an id never begins with a dash in base64url", "[random]") {
  for (const unsigned dash : {0xF8U, 0xF9U, 0xFAU, 0xFBU}) {
    Told random{{std::byte(dash), std::byte{0xFC}}};

    CHECK(random_id(random)[0] == std::byte{0xFC});
  }
  Told neighbour{{std::byte{0xF7}}};
  CHECK(random_id(neighbour)[0] == std::byte{0xF7});
}

}  // namespace
}  // namespace sp
