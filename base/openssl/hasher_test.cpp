#include "base/openssl/hasher.h"

#include "base/testing/catch.h"

using namespace sp;

TEST_CASE("pieces have the digest of the whole", "[openssl]") {
  openssl::Hasher hasher;

  hasher.add(bytes::of("ab"));
  hasher.add({});
  hasher.add(bytes::of("c"));

  CHECK(hasher.finish() == openssl::sha256(bytes::of("abc")));
  CHECK(openssl::Hasher{}.finish() == openssl::sha256(BytesView{}));
}
