#include "edge-selfdestruct/setup/setup.h"

#include "base/testing/catch.h"
#include "pushpull/setup/testing/standing.h"

using namespace sp;

namespace {

const pushpull::Standing values = pushpull::testing::standing("https://send.example.com", {});

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
