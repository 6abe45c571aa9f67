#include "edge-selfdestruct/setup/setup.h"

#include "base/testing/catch.h"

using namespace sp;

namespace {

const pushpull::Standing values{.url = "https://send.example.com",
                                .listen = "0.0.0.0:443",
                                .intake = "192.0.2.10:9443",
                                .plain_http = "",
                                .certificate = "/d/site.crt",
                                .key = "/d/site.key",
                                .intake_certificate = "/d/intake.crt",
                                .intake_key = "/d/intake.key",
                                .data = "/d/data",
                                .own = {}};

}  // namespace

TEST_CASE("what set-up writes is what the portal reads", "[setup]") {
  const auto setup = edge_selfdestruct::setup();
  const auto text =
      pushpull::configuration("", values, values, setup.own, "sallyport-selfdestruct");

  const auto stands = setup.decode(text, "/etc/selfdestruct.toml");

  REQUIRE(stands);
  CHECK(stands->host.public_url == values.url);
  CHECK(stands->host.intake.listen == values.intake);
  CHECK(stands->host.intake.key == values.intake_key);
  CHECK(stands->host.directory == values.data);
}

TEST_CASE("a portal connects nowhere, and its firewall is told so", "[setup][promise-1]") {
  CHECK(edge_selfdestruct::setup().outward(values).find("open no connection") != std::string::npos);
}
