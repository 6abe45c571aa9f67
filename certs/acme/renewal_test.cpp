#include "certs/acme/renewal.h"

#include "base/testing/catch.h"
#include "base/testing/counting_random.h"
#include "base/tls/certificate.h"
#include "certs/acme/keeper.h"

namespace sp::acme {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

const Instant start = *parse_rfc3339("2026-11-24T00:00:00Z");

// The example of RFC 9773 section 4.1.
constexpr std::string_view rfc_certificate = R"(-----BEGIN CERTIFICATE-----
MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt
cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS
BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu
7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf
qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B
yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb
+FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK
-----END CERTIFICATE-----
)";

TEST_CASE("the id of a certificate is that of RFC 9773's example", "[certs][acme]") {
  const auto certificate = tls::parse_certificate(rfc_certificate);

  REQUIRE(certificate.has_value());
  CHECK(renewal_id(**certificate).value() == "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
}

TEST_CASE("without advice two thirds of the life, a half of a short one, earlier by a twentieth",
          "[certs][acme]") {
  const Life quarter{start, start + days{90}};
  const Life week{start, start + days{6}};

  CHECK(renewal_without_advice(quarter, 0) == start + days{60});
  CHECK(renewal_without_advice(quarter, 1) == start + days{60} - 108h);
  CHECK(renewal_without_advice(week, 0) == start + days{3});
}

TEST_CASE("back-off doubles to a day and never takes over a third of what is left",
          "[certs][acme]") {
  CHECK(back_off(0, days{30}) == 0h);
  CHECK(back_off(1, days{30}) == 1h);
  CHECK(back_off(3, days{30}) == 4h);
  CHECK(back_off(50, days{30}) == 24h);
  CHECK(back_off(50, 6h) == 2h);
  CHECK(back_off(2, -1h) == 0h);
}

TEST_CASE("the point in a window stays until the window moves", "[certs][acme]") {
  testing::CountingRandom random;
  const Life life{start, start + days{90}};
  const Window window{start + days{50}, start + days{52}, ""};
  const Window moved{start + days{1}, start + days{2}, ""};

  const auto first = planned({}, "a.b", life, window, random);
  const auto second = planned(first, "a.b", life, window, random);
  const auto third = planned(second, "a.b", life, moved, random);
  const auto late =
      planned(third, "a.b", life, Window{start + days{95}, start + days{99}, ""}, random);
  const auto other = planned(third, "a.c", life, std::nullopt, random);

  CHECK(first.due >= window.start);
  CHECK(first.due <= window.end);
  CHECK(second.due == first.due);
  CHECK(third.due <= moved.end);
  CHECK(late.due == start + days{81});
  CHECK_FALSE(other.window.has_value());
  CHECK(other.due > start + days{50});
}

TEST_CASE("what is remembered is read back the same", "[certs][acme]") {
  Plan plan;
  plan.of = "a.b";
  plan.due = start;
  plan.window = Window{start, start + 1h, "https://ca.example/why"};
  plan.ask_at = start + 2h;
  plan.failures = 3;
  plan.not_before = start + 3h;
  plan.revoked = true;
  Pending pending{"https://ca.example/dir", "https://ca.example/o/1", {}};
  pending.presented.push_back({ChallengeKind::dns_01, "a.example", "token", "token.print"});

  const auto again = decode_plan(encode(plan));
  const auto order = decode_pending(encode(pending));

  REQUIRE(again.has_value());
  CHECK(encode(*again) == encode(plan));
  REQUIRE(order.has_value());
  CHECK(order->presented == pending.presented);
  CHECK_FALSE(decode_plan("{}"));
  CHECK_FALSE(decode_plan(R"({"schema":1,"failures":"x"})"));
  CHECK_FALSE(decode_settings(R"({"schema":1,"directory":"d","names":[]})"));
  CHECK_FALSE(decode_pending("not json"));
}

}  // namespace
}  // namespace sp::acme
