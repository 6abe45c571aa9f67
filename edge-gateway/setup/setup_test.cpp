#include "edge-gateway/setup/setup.h"

#include "base/testing/catch.h"
#include "pushpull/setup/testing/standing.h"

using namespace sp;
using namespace sp::pushpull;

namespace {

Standing standing(Texts networks, Texts ports) {
  return pushpull::testing::standing("https://gate.example.com",
                                     {std::move(networks), std::move(ports)});
}

const Setup setup_of_gateway = edge_gateway::setup();
const OwnList& networks = setup_of_gateway.own.at(0);
const OwnList& ports = setup_of_gateway.own.at(1);

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what set-up writes is what the gateway reads", "[setup]") {
  const auto values = standing({"10.20.0.0/16", "2001:db8::/32"}, {"22", "2222"});
  const auto text = configuration("", values, values, setup_of_gateway.own, "sallyport-gateway");

  const auto stands = setup_of_gateway.decode(text, "/etc/gateway.toml");

  REQUIRE(stands);
  CHECK(stands->host.public_url == values.url);
  CHECK(stands->host.directory == values.data);
  CHECK(stands->own == values.own);
}

TEST_CASE("a gateway's policy is answered in words, and kept in its usual form", "[setup]") {
  CHECK(texts_of("10.20.0.0/16, 2001:DB8::/32", networks) ==
        Texts{"10.20.0.0/16", "2001:db8::/32"});
  CHECK(texts_of("all", networks) == Texts{});
  CHECK(texts_of("22,02222", ports) == Texts{"22", "2222"});
  CHECK_FALSE(texts_of("10.20.0.1/16", networks));
  CHECK_FALSE(texts_of("", ports));
  CHECK_FALSE(texts_of("0", ports));
  CHECK_FALSE(texts_of("all", ports));
}

TEST_CASE("a gateway's firewall lets it out to its hosts and to nothing inside",
          "[setup][promise-1]") {
  const auto words = setup_of_gateway.outward(standing({"10.20.0.0/16"}, {"22", "2222"}));

  CHECK(has(words, "this machine        -> 10.20.0.0/16 port 22, 2222 (TCP)"));
  CHECK(has(words, "never connects to the core"));
  CHECK_FALSE(has(words, "--networks"));
}

TEST_CASE("a gateway without networks is told to name them", "[setup]") {
  CHECK(has(setup_of_gateway.outward(standing({}, {"22"})), "--networks"));
}
