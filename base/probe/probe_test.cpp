#include "base/probe/probe.h"

#include "base/testing/catch.h"
#include "base/testing/test_identity.h"
#include "base/tls/certificate.h"

using namespace sp;
using probe::Place;

namespace {

std::vector<openssl::Cert> chain_of(const tls::Identity& identity) {
  return std::move(*tls::parse_chain(identity.chain_pem));
}

}  // namespace

TEST_CASE("an address tells host and port", "[probe]") {
  CHECK(probe::place_of("https://send.example.com") == Place{"send.example.com", 443});
  CHECK(probe::place_of("https://send.example.com:8443/a?b") == Place{"send.example.com", 8443});
  CHECK(probe::place_of("https://[2001:db8::1]:9443") == Place{"2001:db8::1", 9443});
  CHECK(probe::place_of("https://[::1]") == Place{"::1", 443});
  CHECK_FALSE(probe::place_of("http://send.example.com"));
  CHECK_FALSE(probe::place_of("https://"));
  CHECK_FALSE(probe::place_of("https://a:0"));
  CHECK_FALSE(probe::place_of("https://user@a"));
  CHECK_FALSE(probe::place_of("https://::1"));
}

TEST_CASE("a listener tells where this machine reaches it", "[probe]") {
  CHECK(probe::from_here(*probe::listener_of("0.0.0.0:443")) == Place{"127.0.0.1", 443});
  CHECK(probe::from_here(*probe::listener_of("[::]:443")) == Place{"::1", 443});
  CHECK(probe::from_here(*probe::listener_of("192.0.2.7:443")) == Place{"192.0.2.7", 443});
  CHECK_FALSE(probe::listener_of("192.0.2.7"));
  CHECK_FALSE(probe::listener_of(":443"));
}

TEST_CASE("a port that nobody listens on is refused in words", "[probe]") {
  const auto reached = probe::reach({"127.0.0.1", 1}, std::chrono::seconds{5});

  REQUIRE_FALSE(reached);
  CHECK(reached.error().detail().starts_with("127.0.0.1 port 1 refuses"));
}

TEST_CASE("a chain is trusted for its names, with its root, while it is valid", "[probe]") {
  const auto chain = chain_of(testing::test_identity());
  const auto roots = chain_of(testing::test_identity());
  const auto now = SystemClock{}.now();

  CHECK(probe::trusted(chain, "localhost", chain, now));
  CHECK(probe::trusted(chain, "127.0.0.1", chain, now));
  CHECK_FALSE(probe::trusted(chain, "elsewhere.example", chain, now));
  CHECK_FALSE(probe::trusted(chain, "localhost", roots, now));
  CHECK_FALSE(probe::trusted(chain, "localhost", {}, now));
  CHECK_FALSE(probe::trusted(chain, "localhost", chain, now + std::chrono::days{400}));
}
