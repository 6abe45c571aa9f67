#include "base/http/parse.h"

#include "base/testing/catch.h"

namespace sp::http {
namespace {

using State = Parsed<Head>::State;

Parsed<Head> parse(std::string_view input, std::size_t most = 1000) {
  std::size_t searched = 0;
  return parse_head(input, most, searched);
}

std::string with(std::string_view fields, std::string_view line = "POST /a HTTP/1.1") {
  return std::string{line} + "\r\nHost: h\r\n" + std::string{fields} + "\r\n";
}

Refusal refusal_of(std::string_view input) {
  const auto parsed = parse(input);
  REQUIRE(parsed.state == State::refused);
  return parsed.refusal;
}

/// Feeds `pieces` one after the other, as they would arrive; what is not taken is offered again.
ChunkedBody::State feed(std::initializer_list<std::string_view> pieces, std::string& body,
                        std::string& rest, std::size_t most = 100) {
  ChunkedBody chunks{most};
  auto state = ChunkedBody::State::more;
  for (const auto piece : pieces) {
    rest += piece;
    std::size_t taken = 0;
    if (state == ChunkedBody::State::more) state = chunks.feed(rest, taken, body);
    rest.erase(0, taken);
  }
  return state;
}

TEST_CASE("a head is taken apart, and what follows it is left", "[http][parse]") {
  const std::string input =
      "GET /a%20b?c=d?e HTTP/1.1\r\nHost: h:1\r\nX-Empty:\r\nx-tab: \t a b \t\r\n\r\nmore";

  const auto parsed = parse(input);

  REQUIRE(parsed.state == State::done);
  CHECK(parsed.size == input.size() - 4);
  const auto& request = parsed.value.request;
  CHECK(request.method == "GET");
  CHECK(request.path == "/a%20b");
  CHECK(request.query == "c=d?e");
  CHECK(request.header("HOST") == "h:1");
  CHECK(request.header("x-empty") == "");
  CHECK(request.header("X-Tab") == "a b");
  CHECK_FALSE(request.header("none"));
  CHECK(parsed.value.keep_alive);
  CHECK_FALSE(parsed.value.chunked);
  CHECK(parsed.value.content_length == 0);
}

TEST_CASE("a head that is cut at any byte is waited for", "[http][parse]") {
  const auto whole = with("A: b\r\nContent-Length: 3\r\n");
  std::size_t searched = 0;
  std::size_t more = 0;
  for (std::size_t size = 0; size < whole.size(); ++size)
    more +=
        parse_head(std::string_view{whole}.substr(0, size), 1000, searched).state == State::more;

  CHECK(more == whole.size());
  CHECK(parse_head(whole, 1000, searched).state == State::done);
}

TEST_CASE("framing and connection options are read", "[http][parse]") {
  CHECK(parse(with("Content-Length: 0012\r\n")).value.content_length == 12);
  CHECK(parse(with("Transfer-Encoding: Chunked\r\n")).value.chunked);
  CHECK(parse(with("Expect: 100-Continue\r\n")).value.expects_continue);
  CHECK_FALSE(parse(with("Connection: upgrade, CLOSE\r\n")).value.keep_alive);
  const auto old = parse("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n");
  CHECK(old.state == State::done);
  CHECK_FALSE(old.value.keep_alive);
  CHECK_FALSE(old.value.expects_continue);
}

TEST_CASE("what two readers could see differently is refused", "[http][parse][smuggling]") {
  const auto fields = GENERATE(
      // two lengths, or none that is certain
      as<std::string>{}, "Content-Length: 1\r\nContent-Length: 1\r\n",
      "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 1, 1\r\n",
      "Content-Length: +1\r\n", "Content-Length: -1\r\n", "Content-Length: 0x1\r\n",
      "Content-Length: 1 1\r\n", "Content-Length:\r\n", "Content-Length: 99999999999999999999\r\n",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
      // fields that are none, or folded
      "Content-Length : 1\r\n", " Content-Length: 1\r\n", "A: b\r\n c\r\n", "A: b\r\n\tc\r\n",
      "A\r\n", ": b\r\n", "A b: c\r\n", "A: b\rc\r\n", "A: b\nc: d\r\n", "A: b\x01\r\n",
      "A: b\x7F\r\n", std::string("A: b\0c\r\n", 8),
      // a second or odd host
      "Host: h\r\n", "host: other\r\n");

  CHECK(refusal_of(with(fields)) == Refusal::bad_request);
}

TEST_CASE("request lines that are not ours are refused", "[http][parse]") {
  const auto line = GENERATE(
      as<std::string>{}, "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET /", "GET",
      "", "GET http://h/ HTTP/1.1", "CONNECT h:443 HTTP/1.1", "OPTIONS * HTTP/1.1",
      "GET /a b HTTP/1.1", "GET /\xC3\xBC HTTP/1.1", "GET /#f HTTP/1.1", "GET /\\ HTTP/1.1",
      "G@T / HTTP/1.1", "GET / http/1.1", "GET /\tHTTP/1.1", std::string("GET /\0 HTTP/1.1", 15));

  CHECK(refusal_of(with("", line)) == Refusal::bad_request);
}

TEST_CASE("each reason has its status", "[http][parse]") {
  CHECK(refusal_of(with("", "GET / HTTP/1.2")) == Refusal::unknown_version);
  CHECK(refusal_of(with("", "GET / HTTP/11")) == Refusal::unknown_version);
  CHECK(refusal_of(with("Transfer-Encoding: gzip, chunked\r\n")) == Refusal::unknown_coding);
  CHECK(refusal_of(with("Transfer-Encoding: xchunked\r\n")) == Refusal::unknown_coding);
  CHECK(refusal_of(with("Expect: tea\r\n")) == Refusal::unknown_expectation);
  CHECK(refusal_of(with("A: " + std::string(1000, 'a') + "\r\n")) == Refusal::head_too_large);
  CHECK(refusal_of("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n") == Refusal::bad_request);
  CHECK(refusal_of("GET / HTTP/1.1\r\nA: b\r\n\r\n") == Refusal::bad_request);
  CHECK(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") ==
        Refusal::bad_request);
  CHECK(refusal_of("GET / HTTP/1.1\n") == Refusal::bad_request);
}

TEST_CASE("more than a hundred fields are refused", "[http][parse]") {
  std::string fields;
  for (int i = 0; i < 99; ++i) fields += "A: b\r\n";

  std::size_t searched = 0;
  CHECK(parse_head(with(fields), 10'000, searched).state == State::done);
  CHECK(parse_head(with(fields + "A: b\r\n"), 10'000, searched).state == State::refused);
}

TEST_CASE("a chunked body is put together from any pieces", "[http][parse]") {
  const std::string_view whole =
      "4\r\nWiki\r\n0A;name=\"v\"\r\npedia in\r\n\r\n0\r\nA: b\r\n\r\nGET";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    std::string body;
    std::string rest;
    const auto state = feed({whole.substr(0, cut), whole.substr(cut)}, body, rest);
    REQUIRE(state == ChunkedBody::State::done);
    REQUIRE(body == "Wikipedia in\r\n");
    REQUIRE(rest == "GET");
  }
}

TEST_CASE("chunks that are not well made are refused", "[http][parse][smuggling]") {
  const auto* text = GENERATE("\r\n", "g\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", "1\n", "1\ra",
                              " 1\r\n", "1\r\nab\r\n", "1\r\na\n", "1\r\na\r0", "fffffffffffff\r\n",
                              "0\r\nbad\r\n", "0\r\n a: b\r\n", "1;\x01\r\n");
  std::string body;
  std::string rest;

  CHECK(feed({text}, body, rest) == ChunkedBody::State::refused);
}

TEST_CASE("a chunk line without end, endless trailers and too much content are cut",
          "[http][parse]") {
  std::string body;
  std::string rest;
  std::string trailers = "0\r\n";
  for (int i = 0; i < 100; ++i) trailers += "A: " + std::string(100, 'x') + "\r\n";

  CHECK(feed({"1;" + std::string(300, 'x')}, body, rest) == ChunkedBody::State::refused);
  CHECK(feed({trailers}, body, rest = "") == ChunkedBody::State::refused);
  CHECK(feed({"5\r\n12345\r\n6\r\n"}, body, rest = "", 10) == ChunkedBody::State::too_large);
  CHECK(feed({"fffffffffff\r\n"}, body, rest = "") == ChunkedBody::State::too_large);
}

}  // namespace
}  // namespace sp::http
