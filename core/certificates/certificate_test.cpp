#include "core/certificates/certificate.h"

#include "base/testing/catch.h"

namespace sp::certificates {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

const auto now = from_millis(1'800'000'000'000);

/// Of a life of `life`, with `left` of it left.
Certificate certificate(Duration life, Duration left) {
  Certificate out;
  out.place = Place::portal;
  out.names = {"portal.example"};
  out.not_after = now + left;
  out.not_before = out.not_after - life;
  return out;
}
Light light(Duration life, Duration left) {
  return judge(certificate(life, left), "portal.example", now).light;
}

TEST_CASE("the light follows the days that are left", "[certificates]") {
  CHECK(light(days{90}, days{31}) == Light::green);
  CHECK(light(days{90}, days{30}) == Light::amber);
  CHECK(light(days{90}, days{8}) == Light::amber);
  CHECK(light(days{90}, days{7}) == Light::red);
  CHECK(light(days{90}, -1ms) == Light::red);
}

TEST_CASE("a certificate of a few days is not always amber", "[certificates]") {
  CHECK(light(days{6}, days{5}) == Light::green);
  CHECK(light(days{6}, days{2}) == Light::amber);
  CHECK(light(days{6}, days{1}) == Light::red);
}

TEST_CASE("what is wrong with it is said in a sentence", "[certificates]") {
  const auto good = certificate(days{90}, days{60});
  auto early = good;
  early.not_before = now + 1h;
  auto watched = certificate(days{90}, days{3});
  watched.renewed_by = "certbot";

  CHECK(judge(good, "portal.example", now).reason.empty());
  CHECK(judge(good, "", now).light == Light::green);
  CHECK(judge(good, "other.example", now).light == Light::red);
  CHECK(judge(good, "other.example", now).reason.find("other.example") != std::string::npos);
  CHECK(judge(early, "portal.example", now).light == Light::red);
  CHECK(judge(watched, "portal.example", now).reason ==
        "It ends in 3 days. It is renewed by certbot: look there why it was not.");
}

TEST_CASE("days are counted down to whole ones", "[certificates]") {
  CHECK(judge(certificate(days{90}, days{2} - 1ms), "", now).days_left == 1);
  CHECK(judge(certificate(days{90}, -1h), "", now).days_left == -1);
}

TEST_CASE("thresholds are 30, 14, 7 and 1 days", "[certificates]") {
  const auto reached = [](Duration left) {
    return threshold_reached(certificate(days{397}, left), now);
  };

  CHECK(reached(days{30} + 1ms) == std::nullopt);
  CHECK(reached(days{30}) == 30);
  CHECK(reached(days{14} + 1ms) == 30);
  CHECK(reached(days{14}) == 14);
  CHECK(reached(days{7}) == 7);
  CHECK(reached(days{1}) == 1);
  CHECK(reached(-days{100}) == 1);
}

TEST_CASE("a certificate is not complained about before the last third of its life",
          "[certificates]") {
  CHECK(threshold_reached(certificate(days{47}, days{29}), now) == std::nullopt);
  CHECK(threshold_reached(certificate(days{47}, days{14}), now) == 14);
  CHECK(threshold_reached(certificate(days{6}, days{5}), now) == std::nullopt);
  CHECK(threshold_reached(certificate(days{6}, 20h), now) == 1);
  CHECK(threshold_reached(certificate(days{1}, 10h), now) == std::nullopt);
  CHECK(threshold_reached(certificate(days{1}, 7h), now) == 1);
}

TEST_CASE("every place has a name of its own", "[certificates]") {
  for (const auto place : {Place::site, Place::root, Place::portal, Place::intake})
    CHECK(place_named(name(place)) == place);
  CHECK_FALSE(place_named("elsewhere").has_value());
}

}  // namespace
}  // namespace sp::certificates
