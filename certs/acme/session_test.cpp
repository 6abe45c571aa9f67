#include "certs/acme/session.h"

#include <deque>

#include "base/testing/catch.h"
#include "base/testing/counting_random.h"
#include "base/testing/manual_clock.h"

namespace sp::acme {
namespace {

using namespace std::chrono_literals;

/// Gives the answers it was told, one after another, and keeps what was asked.
class Script final : public Transport {
 public:
  std::deque<Result<HttpAnswer>> answers;
  std::vector<HttpCall> calls;
  Result<HttpAnswer> exchange(const HttpCall& call) override {
    calls.push_back(call);
    REQUIRE_FALSE(answers.empty());
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
};

class CountingWaiter final : public Waiter {
 public:
  std::vector<Duration> waits;
  Outcome wait(Duration time) override {
    waits.push_back(time);
    return {};
  }
};

HttpAnswer answer(int status, std::string body = {},
                  std::vector<std::pair<std::string, std::string>> headers = {}) {
  headers.emplace_back("replay-nonce", "nonce");
  return {status, std::move(body), std::move(headers)};
}

struct Desk {
  Script transport;
  testing::ManualClock clock{*parse_rfc3339("2026-11-24T17:30:00Z")};
  testing::CountingRandom random;
  CountingWaiter waiter;
  Session session{"https://c/dir", {transport, clock, random, waiter}};
  Key key = *Key::create();

  Desk() {
    transport.answers.push_back(answer(
        200, R"({"newNonce":"https://c/n","newAccount":"https://c/a","newOrder":"https://c/o"})"));
    REQUIRE(session.directory().has_value());  // and the first nonce with it
    transport.calls.clear();
  }
  Result<HttpAnswer> post() {
    return session.post("https://c/o", "{}", {key, "https://c/me"}, "order");
  }
};

constexpr auto bad_nonce = R"({"type":"urn:ietf:params:acme:error:badNonce"})";
constexpr auto limited =
    R"({"type":"urn:ietf:params:acme:error:rateLimited","detail":"slow down"})";

TEST_CASE("rejected nonces are tried again, and not for ever", "[certs][acme]") {
  Desk desk;
  for (int i = 0; i < 7; ++i) desk.transport.answers.push_back(answer(400, bad_nonce));
  desk.transport.answers.push_back(answer(201));
  const auto patient = desk.post();
  for (int i = 0; i < 40; ++i) desk.transport.answers.push_back(answer(400, bad_nonce));
  const auto never = desk.post();

  CHECK(patient.has_value());
  CHECK_FALSE(never);
  CHECK(desk.transport.answers.size() == 40 - 31);
  CHECK(desk.waiter.waits.empty());
}

TEST_CASE("a CA that is away is asked again, later and later", "[certs][acme]") {
  Desk desk;
  desk.transport.answers.push_back(answer(503));
  desk.transport.answers.push_back(Error{Code::unavailable, "no answer"});
  desk.transport.answers.push_back(answer(200));  // a new nonce: the last one was lost
  desk.transport.answers.push_back(answer(500));
  desk.transport.answers.push_back(answer(201));

  CHECK(desk.post().has_value());

  REQUIRE(desk.waiter.waits.size() == 3);
  CHECK(desk.waiter.waits[0] >= 1s);
  CHECK(desk.waiter.waits[1] >= 2s);
  CHECK(desk.waiter.waits[2] >= 4s);
}

TEST_CASE("a CA that stays away is given up after a bounded number of attempts", "[certs][acme]") {
  Desk desk;
  for (int i = 0; i < 10; ++i) desk.transport.answers.push_back(answer(502));

  const auto given_up = desk.post();

  CHECK_FALSE(given_up);
  CHECK(desk.transport.calls.size() == 6);
}

TEST_CASE("a certificate that is not trusted is not tried again", "[certs][acme]") {
  Desk desk;
  desk.transport.answers.push_back(Error{Code::forbidden, "not trusted"});

  CHECK_FALSE(desk.post());
  CHECK(desk.waiter.waits.empty());
}

TEST_CASE("a short Retry-After is sat out, a long one told", "[certs][acme]") {
  Desk desk;
  desk.transport.answers.push_back(answer(429, limited, {{"retry-after", "5"}}));
  desk.transport.answers.push_back(answer(201));
  const auto short_one = desk.post();
  desk.transport.answers.push_back(answer(429, limited, {{"retry-after", "7200"}}));
  const auto long_one = desk.post();

  CHECK(short_one.has_value());
  CHECK(desk.waiter.waits == std::vector<Duration>{5s});
  REQUIRE_FALSE(long_one);
  CHECK(long_one.error().code() == Code::too_many);
  CHECK(long_one.error().detail() ==
        "order: the CA says \"slow down\" (rateLimited); come back after 2026-11-24T19:30:00.000Z");
}

TEST_CASE("a Retry-After that is a date counts from the CA's own clock", "[certs][acme]") {
  Desk desk;
  desk.transport.answers.push_back(answer(429, limited,
                                          {{"date", "Tue, 24 Nov 2026 20:00:00 GMT"},
                                           {"retry-after", "Tue, 24 Nov 2026 20:00:09 GMT"}}));
  desk.transport.answers.push_back(answer(201));

  CHECK(desk.post().has_value());

  CHECK(desk.waiter.waits == std::vector<Duration>{9s});
  CHECK(desk.session.skew() == 150min);
  CHECK(desk.session.now() == *parse_rfc3339("2026-11-24T20:00:00Z"));
}

TEST_CASE("a refusal has the CA's own words after the step", "[certs][acme]") {
  Desk desk;
  desk.transport.answers.push_back(answer(
      403, R"({"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"not that one"})"));
  const auto refused = desk.post();
  desk.transport.answers.push_back(answer(404, "<html>"));
  const auto strange = desk.post();

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == Code::forbidden);
  CHECK(refused.error().detail() == "order: the CA says \"not that one\" (rejectedIdentifier)");
  REQUIRE_FALSE(strange);
  CHECK(strange.error().detail() == "order: the CA says \"HTTP status 404\"");
}

TEST_CASE("polling waits as the CA says, and ends", "[certs][acme]") {
  Desk desk;
  const auto never = desk.session.poll<int>(
      []() -> Result<std::optional<int>> { return std::optional<int>{}; }, "wait");

  CHECK_FALSE(never);
  CHECK(desk.waiter.waits.size() == 60);
  CHECK(desk.waiter.waits.back() <= 15s);
}

TEST_CASE("addresses of a CA are https and nothing else", "[certs][acme]") {
  CHECK(parse_url("https://ca.example:14000/dir?x=1")->port == 14000);
  CHECK(parse_url("https://[2001:db8::1]/dir")->host == "2001:db8::1");
  CHECK(parse_url("https://ca.example")->target == "/");
  CHECK_FALSE(parse_url("http://ca.example/dir"));
  CHECK_FALSE(parse_url("https://user@ca.example/"));
  CHECK_FALSE(parse_url("https://ca.example/a b"));
  CHECK_FALSE(parse_url("https:///dir"));
  CHECK_FALSE(parse_url("https://ca.example:0/"));
}

TEST_CASE("links are found by their relation", "[certs][acme]") {
  HttpAnswer two{200,
                 {},
                 {{"link", "<https://c/dir>;rel=\"index\""},
                  {"link", "<https://c/1>;rel=\"alternate\", <https://c/2>;rel=\"alternate\""}}};

  CHECK(two.links("alternate") == std::vector<std::string>{"https://c/1", "https://c/2"});
  CHECK(two.links("up").empty());
}

TEST_CASE("a signature is ES256 over the two parts, and an account's print is RFC 7638's",
          "[certs][acme]") {
  const auto key = *Key::create();
  const auto pem = *key.pem();
  const auto again = Key::parse(pem);

  const auto signature = bytes::from_base64url(*key.sign("a.b"));

  REQUIRE(signature.has_value());
  CHECK(signature->size() == 64);
  REQUIRE(again.has_value());
  CHECK(again->thumbprint() == key.thumbprint());
  CHECK(bytes::from_base64url(key.thumbprint())->size() == 32);
}

}  // namespace
}  // namespace sp::acme
