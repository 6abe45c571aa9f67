#include "base/testing/catch.h"
#include "core/inventory/network.h"
#include "core/inventory/text.h"

namespace sp::inventory {
namespace {

TEST_CASE("a pattern fits whatever the case, and stars fit anything", "[inventory]") {
  CHECK(fits("*", ""));
  CHECK(fits("*", "web-1"));
  CHECK(fits("WEB-*", "web-1.example"));
  CHECK(fits("web-?", "web-1"));
  CHECK(fits("*-db-*.example", "a-db-db-1.example"));
  CHECK_FALSE(fits("web-?", "web-"));
  CHECK_FALSE(fits("web-?", "web-12"));
  CHECK_FALSE(fits("web", "web-1"));
  CHECK_FALSE(fits("", "web"));
}

TEST_CASE("a pattern of many stars does not hang", "[inventory]") {
  std::string stars;
  for (int i = 0; i < 200; ++i) stars += "*a";

  CHECK_FALSE(fits(stars + "b", std::string(1000, 'a')));
}

TEST_CASE("networks are CIDR without bits behind the prefix", "[inventory]") {
  CHECK(is_network("10.0.0.0/8"));
  CHECK(is_network("192.0.2.7"));
  CHECK(is_network("2001:db8::/32"));
  CHECK_FALSE(is_network("10.0.0.1/8"));
  CHECK_FALSE(is_network("10.0.0.0/33"));
  CHECK_FALSE(is_network("10.0.0.0/08"));
  CHECK_FALSE(is_network("10.0.0.0/"));
  CHECK_FALSE(is_network("10.0.0.0/-1"));
  CHECK_FALSE(is_network("10.0.0/8"));
  CHECK_FALSE(is_network("web/8"));
}

TEST_CASE("a host is a name or an address, never a path or a number in disguise", "[inventory]") {
  CHECK(is_host("web-1"));
  CHECK(is_host("WEB_1.example.com"));
  CHECK(is_host("192.0.2.1"));
  CHECK(is_host("2001:db8::1"));
  const auto bad = GENERATE(as<std::string>{}, "", "|3", "/run/x.sock", "127.1", "0x7f.0x1", "a..b",
                            "-a", "a b", "2130706433", "a.", "web:22", "[::1]");
  CAPTURE(bad);
  CHECK_FALSE(is_host(bad));
}

TEST_CASE("a list goes into a column and comes back", "[inventory]") {
  CHECK(joined({}).empty());
  CHECK(joined({"a", "b"}) == "\na\nb\n");
  CHECK(split("\na\nb\n") == std::vector<std::string>{"a", "b"});
  CHECK(distinct({"a", "", "b", "a"}) == std::vector<std::string>{"a", "b"});
  CHECK(tidied({" a", "b ", " ", "a"}) == std::vector<std::string>{"a", "b"});
  CHECK(pattern_of("50%_A!") == "%50!%!_a!!%");
}

}  // namespace
}  // namespace sp::inventory
