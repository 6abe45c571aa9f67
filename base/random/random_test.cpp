#include "base/random/random.h"

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

}  // namespace
}  // namespace sp
