#include "edge-selfdestruct/setup/words.h"

#include "base/testing/catch.h"
#include "edge-selfdestruct/program/config.h"

using namespace sp;

namespace {

const edge_selfdestruct::Standing values{"https://send.example.com",
                                         "0.0.0.0:443",
                                         "192.0.2.10:9443",
                                         "/d/site.crt",
                                         "/d/site.key",
                                         "/d/intake.crt",
                                         "/d/intake.key",
                                         "/d/data"};

}  // namespace

TEST_CASE("what set-up writes is what the portal reads", "[setup]") {
  const auto text = edge_selfdestruct::configuration("", values);

  const auto config = edge_selfdestruct::decode_config(text, "/etc/selfdestruct.toml");

  REQUIRE(config);
  CHECK(config->host.public_url == values.url);
  CHECK(config->host.intake.listen == values.intake);
  CHECK(config->host.intake.key == values.intake_key);
  CHECK(config->store.directory == values.data.string());
}

TEST_CASE("a second set-up keeps what it does not know", "[setup]") {
  const auto text =
      edge_selfdestruct::configuration("[public]\nproxies = [\"10.0.0.1\"]\n", values);

  CHECK(text.find("proxies = [\"10.0.0.1\"]\n") != std::string::npos);
  CHECK(edge_selfdestruct::configuration(text, values) == text);
}

TEST_CASE("the firewall's words name both listeners and no core", "[setup][promise-1]") {
  const auto words = edge_selfdestruct::firewall_words(values);

  CHECK(words.find("0.0.0.0:443") != std::string::npos);
  CHECK(words.find("192.0.2.10:9443") != std::string::npos);
}
