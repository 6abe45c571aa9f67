#include "certs/authority/profile.h"

#include "base/testing/catch.h"
#include "certs/authority/renewal.h"

namespace sp::certs {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

Instant at(std::string_view text) {
  return *parse_rfc3339(text);
}

TEST_CASE("a life of N days is N * 86400 seconds, first and last included", "[certs]") {
  const auto now = at("2026-11-24T12:00:00.500Z");

  const auto server = validity(rules(Profile::server), now, days{90}, false, {});

  REQUIRE(server);
  CHECK(server->from == at("2026-11-24T11:00:00Z"));
  CHECK(server->until - server->from == days{90} - seconds{1});
}

TEST_CASE("nothing lives longer than its clients accept, or than its issuer", "[certs]") {
  const auto now = at("2026-11-24T12:00:00Z");
  const auto& server = rules(Profile::server);
  const auto end = now + days{3};

  CHECK(validity(server, now, days{825}, false, {}));
  CHECK(validity(server, now, days{826}, false, {}).error().code() == Code::invalid_input);
  CHECK(validity(server, now, days{0}, false, {}).error().code() == Code::invalid_input);
  CHECK(validity(server, now, days{200}, true, {}));
  CHECK(validity(server, now, days{201}, true, {}).error().code() == Code::invalid_input);
  CHECK(validity(server, now, {}, true, {})->until < now + days{200});
  CHECK(validity(server, now, {}, false, end)->until == end);
  CHECK(validity(server, end + hours{1}, {}, false, end).error().code() == Code::expired);
}

TEST_CASE("public lives shrink with the years", "[certs]") {
  // Baseline Requirements 2.2.6, section 6.3.2.
  CHECK(longest_public_life(at("2026-03-14T23:59:59Z")) == days{398});
  CHECK(longest_public_life(at("2026-03-15T00:00:00Z")) == days{200});
  CHECK(longest_public_life(at("2027-03-15T00:00:00Z")) == days{100});
  CHECK(longest_public_life(at("2029-03-14T23:59:59Z")) == days{100});
  CHECK(longest_public_life(at("2029-03-15T00:00:00Z")) == days{47});
}

TEST_CASE("a certificate is due after two thirds of its life, a short one after half", "[certs]") {
  const auto from = at("2026-01-01T00:00:00Z");

  CHECK(renewal_due(from, from + days{90}) == from + days{60});
  CHECK(renewal_due(from, from + days{6}) == from + days{3});
}

TEST_CASE("profiles and kinds of key are known by name", "[certs]") {
  CHECK(*profile_named("edge") == Profile::edge_identity);
  CHECK(*key_kind_named("rsa3072") == KeyKind::rsa3072);
  CHECK(profile_named("x").error().detail() ==
        "there is no such profile; there are root, intermediate, server, core, edge, self-signed");
  CHECK(key_kind_named("dsa").error().code() == Code::invalid_input);
}

}  // namespace
}  // namespace sp::certs
