#include "edge-selfdestruct/program/config.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_selfdestruct;

namespace {

const std::string whole = R"toml(
[public]
url = "https://edge.example.test"
listen = "0.0.0.0:443"
certificate = "edge.crt"
key = "/keys/edge.key"
proxies = ["127.0.0.1", "2001:DB8:0::1"]
proxy_protocol = true
[intake]
listen = "127.0.0.1:9443"
certificate = "intake.crt"
key = "intake.key"
[data]
directory = "data"
[limits]
connections = 77
disk_reserve_mib = 5
wrong_links_per_minute = 30
[log]
level = "debug"
)toml";

std::string refusal(std::string text) {
  const auto config = decode_config(text, "/etc/sallyport");
  return config ? "accepted" : config.error().detail();
}
std::string without(const std::string& line) {
  auto text = whole;
  const auto at = text.find(line);
  return text.erase(at, text.find('\n', at) - at);
}

}  // namespace

TEST_CASE("a configuration is read, and its paths count from its own folder", "[program]") {
  const auto config = decode_config(whole, "/etc/sallyport");

  REQUIRE(config);
  CHECK(config->public_side.certificate == "/etc/sallyport/edge.crt");
  CHECK(config->public_side.key == "/keys/edge.key");
  CHECK(config->store.directory == "/etc/sallyport/data");
  CHECK(config->proxies == std::vector<std::string>{"127.0.0.1", "2001:db8::1"});
  CHECK(config->proxy_protocol);
  CHECK(config->limits.connections == 77);
  CHECK(config->store.disk_reserve == std::uint64_t{5} << 20U);
  CHECK(config->store.strangers.every == Duration{2'000});
  CHECK(config->log_level == log::Level::debug);
}

TEST_CASE("what is wrong with a configuration is said by table and key", "[program]") {
  CHECK(refusal(whole + "\nmore = 1\n") == "[log] more is not known");
  CHECK(refusal("[publik]\n" + whole) == "[publik] is not known");
  CHECK(refusal(without("proxies =")) ==
        "[public] proxy_protocol needs proxies, the addresses that it is accepted from");
  auto named = whole;
  CHECK(refusal(named.replace(named.find("2001:DB8:0::1"), 13, "proxy.example")) ==
        "[public] proxies must be IP addresses, which proxy.example is not");
  CHECK(refusal(without("listen = \"0.0.0.0")) == "[public] needs listen");
  CHECK(refusal(without("directory")) == "[data] needs directory");
  CHECK(refusal(without("connections = 77") + "\n[limits]") == "no TOML, line 22");
  CHECK(refusal("[limits]\nconnections = 0\n") == "[public] needs url");
  auto none = whole;
  none.replace(none.find("= 77"), 4, "= 0");
  CHECK(refusal(none) == "[limits] connections must be a number of at least 1");
}
