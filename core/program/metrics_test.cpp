#include "core/program/metrics.h"

#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "base/testing/socket_client.h"
#include "core/api/testing/api_bench.h"

namespace sp::core {
namespace {

certificates::Watched watched(std::string owner, certificates::Place place,
                              certificates::Light light) {
  certificates::Watched out;
  out.owner_name = owner;
  out.certificate.owner = std::move(owner);
  out.certificate.place = place;
  out.certificate.not_after = from_millis(1'900'000'000'000);
  out.verdict.light = light;
  return out;
}

TEST_CASE("metrics tell of each certificate when it ends and how it looks", "[program]") {
  const auto text =
      metrics_text({watched("", certificates::Place::site, certificates::Light::green),
                    watched("dmz", certificates::Place::portal, certificates::Light::red)});

  const auto has = [&](std::string_view line) { return text.find(line) != std::string::npos; };
  CHECK(has("sallyport_core_certificate_ends_seconds{owner=\"core\",place=\"site\"} 1900000000\n"));
  CHECK(has("sallyport_core_certificate_light{owner=\"core\",place=\"site\"} 0\n"));
  CHECK(has("sallyport_core_certificate_light{owner=\"dmz\",place=\"portal\"} 2\n"));
}

TEST_CASE("the metrics listener gives metrics and nothing else", "[program]") {
  sp::testing::ManualClock clock;
  api::testing::ApiBench bench{store::Engine::sqlite, clock};
  const auto server = serve_metrics("127.0.0.1:0", *bench.core);
  REQUIRE(server);
  const auto ask = [&](std::string_view path) {
    sp::testing::SocketClient client{(*server)->port()};
    client.send("GET " + std::string{path} + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return client.read_to_end();
  };

  CHECK(ask("/metrics").find("# TYPE sallyport_core_certificate_light gauge") != std::string::npos);
  CHECK(ask("/api/v1/session").starts_with("HTTP/1.1 404"));
}

}  // namespace
}  // namespace sp::core
