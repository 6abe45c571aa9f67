// The adviser over the API; what it answers is for certs/advise to test.
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/api/feature_routes.h"
#include "core/api/testing/api_bench.h"

namespace sp::core {
namespace {

using api::testing::ApiBench;
using api::testing::As;

struct Bench : ApiBench {
  explicit Bench(const Clock& clock) : ApiBench(store::Engine::sqlite, clock) {
    api::add_certificate_routes(router, *core, std::nullopt);
    chief = member("chief", access::Role::administrator);
  }
  api::Response ask(const api::Json& situation) {
    return send(chief, "POST", "/certificates/advice", situation.dump());
  }
  As chief;
};

api::Json smallest() {
  return {{"from_outside", false},  {"unmanaged_devices", false},
          {"domain_joined", false}, {"has_internal_ca", false},
          {"few_users", true},      {"other_servers", 0},
          {"remote_sites", 0},      {"hosts", api::Json::array({"https://core.example:8443"})}};
}

TEST_CASE("the adviser answers with a kind, reasons and commands", "[api]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  auto outside = smallest();
  outside["from_outside"] = true;

  const auto inside = ApiBench::json(bench.ask(smallest()));
  const auto open = ApiBench::json(bench.ask(outside));

  CHECK(inside["kind"] == "self_signed");
  CHECK(open["kind"] == "public");
  CHECK_FALSE(inside["reasons"].empty());
  CHECK_FALSE(inside["commands"].empty());
}

TEST_CASE("what is no situation is refused with the member that is wrong", "[api]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  const auto refused = [&](const char* name, api::Json value) {
    auto situation = smallest();
    situation[name] = std::move(value);
    const auto answer = bench.ask(situation);
    return answer.status == 400 && ApiBench::json(answer)["errors"][0]["field"] == name;
  };

  CHECK(refused("hosts", "core.example"));
  CHECK(refused("hosts", api::Json::array({"http://core.example"})));
  CHECK(refused("hosts", api::Json::array({1})));
  CHECK(refused("hosts", api::Json(101, "core.example")));
  CHECK(refused("remote_sites", -1));
  CHECK(refused("few_users", "yes"));
  CHECK(refused("more", true));
}

}  // namespace
}  // namespace sp::core
