#include "certs/check/check.h"

#include "base/testing/catch.h"
#include "certs/check/fetch.h"
#include "certs/x509/workshop_fixture.h"

namespace sp::certs::check {
namespace {

struct Bench {
  workshop::Made root = workshop::root();
  workshop::Made middle = workshop::intermediate(root);
  workshop::Made leaf = workshop::leaf(middle);
  Subject subject{.chain = {leaf.der(), middle.der()},
                  .roots = *verify::roots_in(bytes::of(root.pem())),
                  .roots_are_public = false,
                  .as_public = false,
                  .host = {},
                  .key = nullptr,
                  .now = *parse_rfc3339("2026-02-01T00:00:00Z")};

  Report report() {
    auto result = examine(subject, PublicSuffixes::parse("example\n"));
    REQUIRE(result);
    return *std::move(result);
  }
};

TEST_CASE("a sound certificate with its key, chain and name is good", "[certs][check]") {
  Bench bench;
  bench.subject.host = "site.example";
  bench.subject.key = bench.leaf.key.get();

  const auto report = bench.report();

  CHECK(report.good());
  CHECK(report.dates.sentence == "28 days left");
  CHECK(report.host->good);
  CHECK(report.key->good);
  CHECK(report.findings.empty());
  CHECK_FALSE(report.is_public);
}

TEST_CASE("each thing that is wrong makes it bad, in its own words", "[certs][check]") {
  Bench bench;
  const auto stranger = workshop::root("Stranger");

  bench.subject.key = stranger.key.get();
  CHECK_FALSE(bench.report().key->good);
  CHECK_FALSE(bench.report().good());
  bench.subject.key = nullptr;
  bench.subject.host = "other.example";
  CHECK(bench.report().host->sentence == "it is not for other.example: get one that names it");
  CHECK_FALSE(bench.report().good());
  bench.subject.host.clear();
  bench.subject.chain.pop_back();
  CHECK_FALSE(bench.report().chain.good);
  bench.subject.chain.push_back(bench.middle.der());
  CHECK(bench.report().good());
  bench.subject.now = *parse_rfc3339("2026-03-02T00:00:00Z");
  CHECK(bench.report().dates.sentence == "it expired at 2026-03-01T00:00:00.000Z: renew it now");
  CHECK_FALSE(bench.report().good());
}

TEST_CASE("the rules for public authorities are asked for a public root or on demand",
          "[certs][check]") {
  Bench bench;
  CHECK(bench.report().findings.empty());

  bench.subject.as_public = true;
  CHECK_FALSE(bench.report().findings.empty());
  bench.subject.as_public = false;
  bench.subject.roots_are_public = true;
  CHECK(bench.report().is_public);
  CHECK_FALSE(bench.report().findings.empty());
}

TEST_CASE("nothing and noise are no certificates", "[certs][check]") {
  Bench bench;

  bench.subject.chain.clear();
  CHECK(examine(bench.subject, {}).error().code() == Code::invalid_input);
  bench.subject.chain.push_back(Bytes(40));
  CHECK(examine(bench.subject, {}).error().code() == Code::invalid_input);
}

TEST_CASE("addresses are https with a host and perhaps a port", "[certs][check]") {
  CHECK(parse_url("https://a.example")->port == 443);
  CHECK(parse_url("https://a.example:8443/path?x")->port == 8443);
  CHECK(parse_url("https://a.example:8443/path")->host == "a.example");
  CHECK(parse_url("https://[2001:db8::1]:444")->host == "2001:db8::1");
  CHECK(parse_url("https://[2001:db8::1]")->port == 443);
  CHECK_FALSE(parse_url("http://a.example"));
  CHECK_FALSE(parse_url("https://"));
  CHECK_FALSE(parse_url("https://a.example:0"));
  CHECK_FALSE(parse_url("https://a.example:99999"));
}

TEST_CASE("where nobody answers, that is said", "[certs][check]") {
  const auto result = chain_shown_by({"127.0.0.1", 1});

  CHECK(result.error().code() == Code::unavailable);
}

}  // namespace
}  // namespace sp::certs::check
