#include "certs/authority/host.h"

#include "base/testing/catch.h"
#include "certs/authority/constraints.h"

namespace sp::certs {
namespace {

TEST_CASE("hosts are names and addresses and nothing else", "[certs]") {
  const auto good = [](std::string_view text) { return Host::parse(text)->text; };
  CHECK(good("Portal.Example") == "portal.example");
  CHECK(good("::0001") == "::1");
  CHECK(good("10.1.2.3") == "10.1.2.3");
  CHECK(good("localhost") == "localhost");

  const auto* bad = GENERATE("", "a b", "https://a.example", "a.example:443", "a..example",
                             "-a.example", "a.example,IP:1.2.3.4", "1.2.3", "300.1.1.1",
                             "*.*.example", "a.*.example", "a/b", "[::1]");
  CHECK(Host::parse(bad).error().code() == Code::invalid_input);
}

TEST_CASE("networks are written as they are", "[certs]") {
  CHECK(Range::parse("10.0.0.0/8")->text() == "10.0.0.0/8");
  CHECK(Range::parse("192.0.2.7")->text() == "192.0.2.7/32");
  CHECK(Range::parse("2001:DB8::/32")->text() == "2001:db8::/32");
  CHECK(Range::parse("0.0.0.0/0")->covers("203.0.113.9"));
  CHECK(Range::parse("10.0.0.0/15")->covers("10.1.2.3"));
  CHECK(!Range::parse("10.0.0.0/15")->covers("10.2.0.0"));
  CHECK(!Range::parse("10.0.0.0/8")->covers("::10.0.0.1"));

  const auto* bad = GENERATE("", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/8x", "10/8",
                             "::/129", "example.com");
  CHECK(Range::parse(bad).error().code() == Code::invalid_input);
}

TEST_CASE("what nobody limited is limited to the inside", "[certs]") {
  const auto inside = Constraints::inside_only();
  const auto permits = [&](std::string_view text) {
    return inside.permits(*Host::parse(text)).has_value();
  };

  CHECK(permits("localhost"));
  CHECK(permits("core.internal"));
  CHECK(permits("192.168.7.1"));
  CHECK(permits("fd00::1"));
  CHECK(!permits("portal.example.com"));
  CHECK(!permits("8.8.8.8"));
  CHECK(!permits("2001:db8::1"));
}

}  // namespace
}  // namespace sp::certs
