// The light of an edge, and its reason in words.
#include "pushpull/link/internal/health.h"

#include <cerrno>

#include "base/testing/catch.h"
#include "pushpull/link/internal/words.h"

namespace sp::pushpull::internal {
namespace {

using namespace std::chrono_literals;

const Instant now = from_millis(1'800'000'000'000);
const Place place{"edge.example", "9443", false};

void intake_ends(Noticed& noticed, Instant at) {
  noticed.hello->certificates.at(1).not_after = at;
}

Noticed enrolled() {
  Noticed noticed;
  noticed.enrolled = true;
  noticed.kit_expires_at = now + 1h;
  noticed.hello = HelloResponse{};
  noticed.hello->certificates = {{.listener = "public"}, {.listener = "intake"}};
  intake_ends(noticed, now + 24h * 90);
  return noticed;
}
Noticed failing_for(Duration duration, Error error) {
  auto noticed = enrolled();
  noticed.failing_since = now - duration;
  noticed.failure = std::move(error);
  return noticed;
}
std::string reason(const Noticed& noticed) {
  return judge(noticed, 0, now).reason;
}
bool contains(std::string_view whole, std::string_view part) {
  return whole.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a connection that fails says what happened and what to look at", "[link]") {
  CHECK(not_connected(place, ECONNREFUSED) ==
        "nothing listens at edge.example:9443. Is the edge running, and is its intake address "
        "right?");
  CHECK(contains(not_connected(place, ETIMEDOUT), "Does a firewall allow"));
  CHECK(contains(not_connected(place, EHOSTUNREACH), "no way to edge.example:9443"));
  CHECK(contains(not_connected(place, ECONNRESET), "ended the connection. If"));
  CHECK(contains(not_connected(place, EMFILE), "(error 24)"));
  CHECK(contains(not_connected({"::1", "1", true}, ECONNREFUSED), "[::1]:1"));
  CHECK(contains(name_not_found(place), "the name edge.example was not found"));
}

TEST_CASE("an edge that is not reached turns amber, then red", "[link]") {
  const Error refused{Code::unavailable, not_connected(place, ECONNREFUSED)};

  const auto soon = judge(failing_for(5s, refused), 0, now);
  CHECK(soon.light == Light::amber);
  CHECK(soon.reason ==
        "Not reached for 5 seconds: nothing listens at edge.example:9443. Is the edge running, and "
        "is its intake address right?");
  CHECK(judge(failing_for(2min, refused), 0, now).light == Light::red);
  CHECK(reason(failing_for(1s, Error{Code::unavailable, "it is full"})) ==
        "Not reached for 1 second: it is full.");
}

TEST_CASE("another TLS key than at enrolment is red at once", "[link][promise-9]") {
  const auto health = judge(failing_for(0s, Error{Code::forbidden, other_tls_key()}), 0, now);

  CHECK(health.light == Light::red);
  CHECK(contains(health.reason, "Refused: the edge shows another TLS key"));
  CHECK(contains(health.reason, "somebody may be in between. Enrol the edge again."));
}

TEST_CASE("an edge that waits for its kit says so, and a kit that is over too", "[link]") {
  Noticed waiting;
  waiting.kit_expires_at = now + 1h;
  CHECK(reason(waiting) == "Waiting for the edge to be enrolled with its kit.");
  waiting.failure = Error{Code::unavailable, not_connected(place, ECONNREFUSED)};
  CHECK(contains(reason(waiting), "Not enrolled: nothing listens at edge.example:9443."));
  waiting.kit_expires_at = now;
  CHECK(reason(waiting) == "Its enrolment kit expired; make a new one.");
}

TEST_CASE("a clock that is far off says what to do", "[link]") {
  auto noticed = enrolled();
  CHECK(reason(noticed) == "In contact.");
  noticed.clock_skew = 5min;
  CHECK(reason(noticed) ==
        "Its clock is 5 minutes ahead of the core's. Set both by a time server.");
  noticed.clock_skew = -90s;
  CHECK(contains(reason(noticed), "90 seconds behind the core's"));
}

TEST_CASE("a certificate that ends soon or has ended says so", "[link]") {
  auto noticed = enrolled();
  intake_ends(noticed, now + 24h * 3 + 1h);
  CHECK(contains(reason(noticed), "ends in 3 days"));
  intake_ends(noticed, now - 1h);
  CHECK(contains(reason(noticed), "has expired"));
}

}  // namespace sp::pushpull::internal
