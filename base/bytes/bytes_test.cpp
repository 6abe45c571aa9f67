#include "base/bytes/bytes.h"

#include "base/testing/catch.h"

namespace sp::bytes {
namespace {

TEST_CASE("base64url agrees with RFC 4648 section 10", "[bytes]") {
  CHECK(base64url(of("")).empty());
  CHECK(base64url(of("f")) == "Zg");
  CHECK(base64url(of("fo")) == "Zm8");
  CHECK(base64url(of("foobar")) == "Zm9vYmFy");
  CHECK(base64(of("f")) == "Zg==");
  CHECK(text(*from_base64url("Zm9vYg")) == "foob");
}

TEST_CASE("base64url has one form for each value", "[bytes]") {
  const auto text = GENERATE("Zh", "Zg==", "Z", "Zm9v\n", "Zm+v", "Zm/v", " Zg");

  CHECK_FALSE(from_base64url(text));
}

TEST_CASE("hex survives both ways", "[bytes]") {
  CHECK(hex(*from_hex("00fFa5")) == "00ffa5");
  CHECK_FALSE(from_hex("0"));
  CHECK_FALSE(from_hex("0g"));
}

TEST_CASE("a reader never reads past the end", "[bytes]") {
  const auto input = Writer{}.u8(1).u32(0x01020304).raw("ab").take();
  Reader in{input};

  CHECK(*in.u8() == 1);
  CHECK(*in.u32() == 0x01020304);
  CHECK_FALSE(in.end());
  CHECK_FALSE(in.u64());
  CHECK(text(*in.take(2)) == "ab");
  CHECK(in.end());
}

TEST_CASE("well-formed UTF-8 is told from the rest", "[bytes]") {
  CHECK(is_utf8("plain, \xC3\xA4, \xE2\x82\xAC, \xF0\x9F\x94\x92"));
  const auto* bad =
      GENERATE("\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\x80", "\xE2\x28\xA1");

  CHECK_FALSE(is_utf8(bad));
}

}  // namespace
}  // namespace sp::bytes
