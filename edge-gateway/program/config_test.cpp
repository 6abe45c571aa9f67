#include "edge-gateway/program/config.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;

namespace {

const std::string common = R"toml(
[public]
url = "https://gate.example.test"
listen = "0.0.0.0:443"
certificate = "edge.crt"
key = "edge.key"
[intake]
listen = "127.0.0.1:9443"
certificate = "intake.crt"
key = "intake.key"
[data]
directory = "data"
)toml";

const std::filesystem::path file = "/etc/sallyport/gateway.toml";

std::string refusal(const std::string& more) {
  const auto config = decode_config(common + more, file);
  return config ? "accepted" : config.error().detail().substr(file.string().size());
}

}  // namespace

TEST_CASE("a gateway without a policy reaches port 22 of what is never struck out", "[program]") {
  const auto config = decode_config(common, file);

  REQUIRE(config);
  CHECK(config->policy.networks.empty());
  CHECK(config->policy.ports == std::vector<std::uint16_t>{22});
  CHECK(config->sessions.sessions == 200);
}

TEST_CASE("a gateway's policy and limits are read", "[program]") {
  const auto config = decode_config(common + R"toml(
[policy]
networks = ["10.1.0.0/16", "2001:db8::/32"]
ports = ["22", "2222"]
[limits]
sessions = 5
sessions_per_user = 2
sessions_per_source = 3
session_hours = 8
wrong_tickets_per_minute = 60
)toml",
                                    file);

  REQUIRE(config);
  CHECK(config->policy.networks.size() == 2);
  CHECK(config->policy.ports == std::vector<std::uint16_t>{22, 2222});
  CHECK(config->sessions.sessions_per_user == 2);
  CHECK(config->rules.longest == std::chrono::hours{8});
  CHECK(config->tries.every == Duration{1'000});
}

TEST_CASE("what is wrong with a policy is said by line and name", "[program]") {
  CHECK(refusal("[policy]\nnetworks = [\"10.1.0.1/16\"]\n") ==
        ":14: policy.networks must be networks such as 10.1.0.0/16, which 10.1.0.1/16 is not");
  CHECK(refusal("[policy]\nports = [\"0\"]\n") ==
        ":14: policy.ports must be ports in quotes, such as \"22\"");
  CHECK(refusal("[policy]\nhosts = [\"a\"]\n") ==
        ":14: policy.hosts is not a setting of this program; correct its name or remove it");
}
