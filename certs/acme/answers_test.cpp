#include "certs/acme/answers.h"

#include "base/testing/catch.h"

namespace sp::acme {
namespace {

constexpr std::string_view order = R"({"status":"pending","expires":"2026-12-01T00:00:00Z",
  "identifiers":[{"type":"dns","value":"*.a.example"},{"type":"ip","value":"192.0.2.7"}],
  "authorizations":["https://ca.example/z/1","https://ca.example/z/2"],
  "finalize":"https://ca.example/f/1","new":{"things":[1]}})";

std::string with(std::string_view from, std::string_view to, std::string text) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST_CASE("an order is read, and what is new in it passed over", "[certs][acme]") {
  const auto read = decode_order(order);

  REQUIRE(read.has_value());
  CHECK(read->status == Status::pending);
  REQUIRE(read->names.size() == 2);
  CHECK(read->names[0].text == "*.a.example");
  CHECK(read->names[1].kind == Host::Kind::address);
  CHECK(read->finalize == "https://ca.example/f/1");
}

TEST_CASE("an order that makes no sense is refused", "[certs][acme]") {
  const std::string good{order};

  CHECK_FALSE(decode_order(with("pending", "happy", good)));
  CHECK_FALSE(decode_order(with("https://ca.example/f", "http://ca.example/f", good)));
  CHECK_FALSE(decode_order(with("\"dns\"", "\"uri\"", good)));
  CHECK_FALSE(decode_order(with("192.0.2.7", "a.example", good)));
  CHECK_FALSE(decode_order(with("[\"https", "[7,\"https", good)));
  CHECK_FALSE(decode_order("[]"));
  CHECK_FALSE(decode_order(""));
}

TEST_CASE("a token that could leave its folder is refused", "[certs][acme]") {
  const std::string good =
      R"({"status":"pending","identifier":{"type":"dns","value":"a.example"},"wildcard":true,
          "challenges":[{"type":"http-01","url":"https://ca.example/c","status":"pending",
          "token":"abcdefghijklmnop-_09"}]})";

  const auto read = decode_authorization(good);

  REQUIRE(read.has_value());
  CHECK(read->wildcard);
  CHECK_FALSE(decode_authorization(with("abcdefgh", "../../etc", good)));
  CHECK_FALSE(decode_authorization(with("abcdefghijklmnop", "short", good)));
  CHECK_FALSE(decode_authorization(with("abcdefgh", std::string(128, 'a'), good)));
}

TEST_CASE("a problem keeps the words and loses what a terminal would obey", "[certs][acme]") {
  const auto problem = decode_problem(
      "{\"type\":\"urn:ietf:params:acme:error:rateLimited\",\"detail\":\"wait\\u001b[31m\\n\","
      "\"subproblems\":[{\"detail\":\"no\",\"identifier\":{\"value\":\"a.example\"}}]}");
  const auto error = error_of(problem, "order");

  CHECK(problem.type == "rateLimited");
  CHECK(problem.words == "wait?[31m?; a.example: no");
  CHECK(error.code() == Code::too_many);
  CHECK(error.detail() == "order: the CA says \"wait?[31m?; a.example: no\" (rateLimited)");
  CHECK(decode_problem("<html>").words.empty());
}

TEST_CASE("a directory without profiles, renewal information and terms is one", "[certs][acme]") {
  const auto plain_one = decode_directory(
      R"({"newNonce":"https://c/n","newAccount":"https://c/a","newOrder":"https://c/o"})");
  const auto whole = decode_directory(
      R"({"newNonce":"https://c/n","newAccount":"https://c/a","newOrder":"https://c/o",
          "renewalInfo":"https://c/r","meta":{"termsOfService":"https://c/t",
          "externalAccountRequired":true,"profiles":{"classic":"x","shortlived":"y"}}})");

  REQUIRE(plain_one.has_value());
  CHECK(plain_one->renewal_info.empty());
  REQUIRE(whole.has_value());
  CHECK(whole->external_account_required);
  CHECK(whole->profiles == std::vector<std::string>{"classic", "shortlived"});
  CHECK_FALSE(decode_directory(R"({"newNonce":"https://c/n"})"));
}

TEST_CASE("times of every RFC 3339 form are read", "[certs][acme]") {
  const auto wanted = *parse_rfc3339("2026-11-24T17:30:00Z");

  CHECK(parse_time("2026-11-24T17:30:00Z").value() == wanted);
  CHECK(parse_time("2026-11-24T17:30:00.123456789Z").value() == wanted);
  CHECK(parse_time("2026-11-24T19:00:00+01:30").value() == wanted);
  CHECK(parse_time("2026-11-24T12:30:00-05:00").value() == wanted);
  CHECK_FALSE(parse_time("2026-11-24T17:30:00"));
  CHECK_FALSE(parse_time("2026-11-24T17:30:00.Z"));
  CHECK_FALSE(parse_time("2026-11-24T17:30:00+1:00"));
}

TEST_CASE("a renewal window must end after it begins", "[certs][acme]") {
  const std::string good =
      R"({"suggestedWindow":{"start":"2026-11-24T00:00:00Z","end":"2026-11-26T00:00:00Z"}})";

  CHECK(decode_window(good).has_value());
  CHECK_FALSE(decode_window(with("11-26", "11-24", good)));
  CHECK_FALSE(decode_window("{}"));
}

}  // namespace
}  // namespace sp::acme
