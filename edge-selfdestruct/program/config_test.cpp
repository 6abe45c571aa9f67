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

const std::filesystem::path file = "/etc/sallyport/selfdestruct.toml";

std::string refusal(const std::string& text) {
  const auto config = decode_config(text, file);
  return config ? "accepted" : config.error().detail().substr(file.string().size());
}

}  // namespace

TEST_CASE("the portal's own limits are read beside those of every edge", "[program]") {
  const auto config = decode_config(whole, file);

  REQUIRE(config);
  CHECK(config->host.limits.connections == 77);
  CHECK(config->store.directory == "/etc/sallyport/data");
  CHECK(config->store.disk_reserve == std::uint64_t{5} << 20U);
  CHECK(config->store.strangers.burst == 30);
  CHECK(config->store.strangers.every == Duration{2'000});
}

TEST_CASE("a portal's setting that is wrong or unknown is named", "[program]") {
  auto none = whole;
  none.replace(none.find("= 30"), 4, "= 0");

  CHECK(refusal(none) == ":18: limits.wrong_links_per_minute must be from 1 to 60000");
  CHECK(refusal(whole + "\nmore = 1\n") ==
        ":22: log.more is not a setting of this program; correct its name or remove it");
}
