#include "edge-gateway/recording/text.h"

#include "base/testing/catch.h"

namespace sp::edge_gateway::recording {
namespace {

std::string joined(std::initializer_list<std::string_view> pieces) {
  Utf8Joiner joiner;
  std::string out;
  for (const auto piece : pieces) out += joiner.take(bytes::of(piece));
  return out + joiner.finish();
}

/// `text` taken one byte at a time.
std::string by_bytes(std::string_view text) {
  Utf8Joiner joiner;
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at)
    out += joiner.take(bytes::of(text.substr(at, 1)));
  return out + joiner.finish();
}

constexpr std::string_view bad = "\xef\xbf\xbd";

}  // namespace

TEST_CASE("a character that two reads cut is joined", "[recording]") {
  CHECK(joined({"caf\xc3", "\xa9"}) == "caf\xc3\xa9");
  CHECK(joined({"\xf0", "\x9f\x94", "\x91!"}) == "\xf0\x9f\x94\x91!");
  CHECK(by_bytes("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91z") ==
        "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91z");
}

TEST_CASE("the beginning of a character waits for the rest", "[recording]") {
  Utf8Joiner joiner;

  CHECK(joiner.take(bytes::of("x\xe2\x82")) == "x");
  CHECK(joiner.take(bytes::of("\xac")) == "\xe2\x82\xac");
  CHECK(joiner.finish().empty());
}

TEST_CASE("what is no UTF-8 becomes U+FFFD, and what follows stays", "[recording]") {
  CHECK(joined({"a\xff"
                "b"}) == "a" + std::string{bad} + "b");
  CHECK(joined({"\xc3", "("}) == std::string{bad} + "(");
  CHECK(joined({"\xe2\x82", "x"}) == std::string{bad} + "x");
  CHECK(joined({"\xed\xa0\x80"}) == std::string{bad} + std::string{bad} + std::string{bad});
  CHECK(joined({"\xc0\xaf"}) == std::string{bad} + std::string{bad});
  CHECK(joined({"end\xf0\x9f"}) == "end" + std::string{bad});
}

TEST_CASE("whatever comes, UTF-8 goes out, however it was cut", "[recording]") {
  std::string all;
  for (int high = 0; high < 256; ++high)
    for (const int low : {0x00, 0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xff}) {
      all += static_cast<char>(high);
      all += static_cast<char>(low);
    }

  CHECK(bytes::is_utf8(joined({all})));
  CHECK(by_bytes(all) == joined({all}));
}

TEST_CASE("lines are those of asciicast version 2", "[recording]") {
  CHECK(head_line({120, 40, "a \"b\"", from_millis(1'800'000'000'999)}) ==
        "{\"version\":2,\"width\":120,\"height\":40,\"timestamp\":1800000000,\"title\":\"a "
        "\\\"b\\\"\"}\n");
  CHECK(event_line(Duration{61'005}, LineKind::output, "\x1b[1m\\\n\x7f") ==
        "[61.005, \"o\", \"\\u001b[1m\\\\\\u000a\\u007f\"]\n");
  CHECK(event_line(Duration{0}, LineKind::resize, "80x24") == "[0.000, \"r\", \"80x24\"]\n");
}

}  // namespace sp::edge_gateway::recording
