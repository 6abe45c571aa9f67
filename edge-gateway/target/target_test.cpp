#include "edge-gateway/target/target.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;

namespace {

Address at(std::string_view text) {
  const auto out = Address::parse(text);
  REQUIRE(out);
  return *out;
}
std::vector<Network> networks(std::initializer_list<std::string_view> texts) {
  std::vector<Network> out;
  for (const auto text : texts) out.push_back(Network::parse(text).value());
  return out;
}
bool may(std::string_view address, const TargetPolicy& policy = {},
         const std::vector<Network>& ticket = {}) {
  return allowed({at(address)}, 22, ticket, policy).has_value();
}

}  // namespace

TEST_CASE("addresses of the machine, its link and a cloud's metadata are struck out", "[target]") {
  const auto address =
      GENERATE("127.0.0.1", "127.8.8.8", "0.0.0.0", "169.254.169.254", "169.254.0.1", "224.0.0.1",
               "255.255.255.255", "100.100.100.200", "168.63.129.16", "::1", "::", "::127.0.0.1",
               "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "fe80::1", "ff02::1", "fd00:ec2::254",
               "64:ff9b::7f00:1", "2002:7f00:1::", "198.51.100.9", "2001:db8::9");
  const TargetPolicy policy{.networks = {}, .own = {at("198.51.100.9"), at("2001:db8::9")}};

  CHECK_FALSE(may(address, policy));
  CHECK_FALSE(may(address, {.networks = networks({"0.0.0.0/0", "::/0"}), .own = policy.own}));
}

TEST_CASE("others may be dialled, and a range that the policy names", "[target]") {
  CHECK(may("192.0.2.7"));
  CHECK(may("10.1.2.3"));
  CHECK(may("2001:db8::7"));
  CHECK(may("127.0.0.9", {.networks = networks({"127.0.0.0/24"})}));
  CHECK_FALSE(may("127.0.1.9", {.networks = networks({"127.0.0.0/24"})}));
}

TEST_CASE("ticket and policy must both hold the address", "[target]") {
  const TargetPolicy site{.networks = networks({"10.1.0.0/16", "2001:db8::/32"})};

  CHECK(may("10.1.2.3", site, networks({"10.1.2.0/24"})));
  CHECK_FALSE(may("10.1.3.3", site, networks({"10.1.2.0/24"})));
  CHECK_FALSE(may("10.2.2.3", site, networks({"10.0.0.0/8"})));
  CHECK_FALSE(may("2001:db9::1", site));
  CHECK_FALSE(may("10.0.0.1", {.networks = networks({"::/0"})}));
}

TEST_CASE("of what a name resolves to only the allowed is kept, in its order", "[target]") {
  const auto kept =
      allowed({at("127.0.0.1"), at("10.0.0.2"), at("169.254.169.254"), at("10.0.0.1")}, 22, {}, {});

  REQUIRE(kept);
  CHECK(*kept == std::vector{at("10.0.0.2"), at("10.0.0.1")});
}

TEST_CASE("a port must be among those of the policy", "[target]") {
  CHECK_FALSE(allowed({at("10.0.0.1")}, 2222, {}, {}));
  CHECK(allowed({at("10.0.0.1")}, 2222, {}, {.networks = {}, .ports = {22, 2222}, .own = {}}));
}

TEST_CASE("only names and addresses are hosts", "[target]") {
  CHECK(is_host("db-1.branch_2.example"));
  CHECK(is_host("localhost"));
  CHECK(is_host("192.0.2.7"));
  CHECK(is_host("2001:db8::7"));
  const auto text =
      GENERATE(as<std::string>{}, "", "|3", "/run/x.sock", "[::1]", "fe80::1%eth0", "127.1",
               "2130706433", "0x7f000001", "0177.0.0.1", "a..b", "-oProxyCommand=x", "a b",
               "host:22", "a\nb", std::string(64, 'a'), std::string(254, 'a'));
  CHECK_FALSE(is_host(text));
}

TEST_CASE("a network is written in one form", "[target]") {
  CHECK(Network::parse("10.0.0.0/8"));
  CHECK(Network::parse("192.0.2.7").value().holds(at("192.0.2.7")));
  const auto text = GENERATE("", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/+8",
                             "10/8", "2001:db8::/129", "2001:db8::1/32", "10.0.0.0/8/8");
  CHECK_FALSE(Network::parse(text));
}

TEST_CASE("a network is told as it is written", "[target]") {
  const std::string text =
      GENERATE("10.0.0.0/8", "0.0.0.0/0", "192.0.2.7", "2001:db8::/32", "::/0", "2001:db8::1");
  CHECK(Network::parse(text).value().text() == text);
}
