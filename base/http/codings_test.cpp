#include "base/http/codings.h"

#include "base/testing/catch.h"

using namespace sp::http;

TEST_CASE("a coding is taken when it is named and not refused", "[http]") {
  CHECK(best_coding(std::nullopt) == Coding::identity);
  CHECK(best_coding("gzip, deflate, br") == Coding::br);
  CHECK(best_coding("gzip;q=0.5, br;q=0") == Coding::gzip);
  CHECK(best_coding("gzip;q=0.0") == Coding::identity);
  CHECK(best_coding("brotli") == Coding::identity);
}
