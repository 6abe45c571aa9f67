#include "certs/acme/dns_message.h"

#include <algorithm>

#include "base/testing/catch.h"

namespace sp::acme::dns {
namespace {

const Instant now = *parse_rfc3339("2026-11-24T17:30:00Z");

TsigKey key() {
  return *TsigKey::parse(Secret::copy_of(bytes::of("k.example.:c2VjcmV0LXNlY3JldC1zZWNyZXQ=")));
}

// What a server answers to `request`: its header with the answer bit, signed with the request's MAC
// in front.
Bytes signed_answer(const TsigKey& with, const openssl::Digest& request_mac, Instant at) {
  auto message = *question(0x1234, "example.test", Type::soa);
  message[2] |= std::byte{0x80};
  openssl::Digest plain_mac{};
  auto out = *sign(message, with, at, plain_mac);
  // The signature of an answer covers the request's MAC as well: put that one in its place.
  bytes::Writer covered;
  covered.u16(32).raw(request_mac).raw(message);
  bytes::Writer variables;
  variables.raw(*wire_name(with.name)).u16(255).u32(0).raw(*wire_name("hmac-sha256."));
  const auto seconds = static_cast<std::uint64_t>(to_millis(at) / 1000);
  variables.u16(static_cast<std::uint16_t>(seconds >> 32U))
      .u32(static_cast<std::uint32_t>(seconds));
  variables.u16(300).u16(0).u16(0);
  const auto mac = openssl::hmac_sha256(with.secret.expose(), {covered.view(), variables.view()});
  const auto it = std::search(out.begin(), out.end(), plain_mac.begin(), plain_mac.end());
  REQUIRE(it != out.end());
  std::copy(mac.begin(), mac.end(), it);
  return out;
}

TEST_CASE("a name becomes labels, and what is none is refused", "[certs][acme]") {
  CHECK(bytes::hex(*wire_name("Ex.test.")) ==
        "02657804746573740"
        "0");
  CHECK(bytes::hex(*wire_name(".")) == "00");
  CHECK_FALSE(wire_name("a..b"));
  CHECK_FALSE(wire_name(std::string(64, 'a') + ".test"));
  std::string long_name;
  for (int i = 0; i < 64; ++i) long_name += "abc.";
  CHECK_FALSE(wire_name(long_name));
}

TEST_CASE("an update adds a TXT record of the zone's class and takes it with class NONE",
          "[certs][acme]") {
  const auto add = *txt_update(7, "b.test", "a.b.test", "hi", Change::add);
  const auto take = *txt_update(7, "b.test", "a.b.test", "hi", Change::take);

  // id, UPDATE, one zone, no prerequisite, one update; zone SOA IN; name TXT, class, lifetime,
  // data.
  CHECK(bytes::hex(add) ==
        "0007"
        "2800"
        "0001"
        "0000"
        "0001"
        "0000"
        "0162047465737400"
        "0006"
        "0001"
        "01610162047465737400"
        "0010"
        "0001"
        "0000003c"
        "0003"
        "026869");
  CHECK(bytes::hex(take) ==
        "0007"
        "2800"
        "0001"
        "0000"
        "0001"
        "0000"
        "0162047465737400"
        "0006"
        "0001"
        "01610162047465737400"
        "0010"
        "00fe"
        "00000000"
        "0003"
        "026869");
  CHECK_FALSE(txt_update(7, "b.test", "a.b.test", std::string(256, 'x'), Change::add));
}

TEST_CASE("keys are read from both forms of file", "[certs][acme]") {
  const auto bind = TsigKey::parse(
      Secret::copy_of(bytes::of("key \"K.Example\" {\n\talgorithm hmac-sha256;\n\tsecret "
                                "\"c2VjcmV0LXNlY3JldC1zZWNyZXQ=\";\n};\n")));
  const auto md5 = TsigKey::parse(
      Secret::copy_of(bytes::of("key \"k\" { algorithm hmac-md5; secret \"c2VjcmV0\"; };")));
  const auto empty = TsigKey::parse(Secret::copy_of(bytes::of("k.example:")));
  const auto broken = TsigKey::parse(Secret::copy_of(bytes::of("k.example:!!")));

  REQUIRE(bind.has_value());
  CHECK(bind->name == "k.example.");
  CHECK(bind->secret == key().secret);
  CHECK_FALSE(md5);
  CHECK_FALSE(empty);
  CHECK_FALSE(broken);
}

TEST_CASE("a signed answer is believed, and no other", "[certs][acme]") {
  const openssl::Digest request_mac = openssl::sha256(bytes::of("request"));
  const auto good = signed_answer(key(), request_mac, now);
  auto other_key = key();
  other_key.secret = Secret::copy_of(bytes::of("other"));

  CHECK(verify(good, key(), now, request_mac).has_value());
  CHECK(verify(good, key(), now + std::chrono::minutes{5}, request_mac).has_value());
  CHECK_FALSE(verify(good, key(), now + std::chrono::minutes{6}, request_mac));
  CHECK_FALSE(verify(good, other_key, now, request_mac));
  CHECK_FALSE(verify(good, key(), now, openssl::sha256(bytes::of("another"))));
}

TEST_CASE("no bit of a signed answer can be changed and no byte be missing", "[certs][acme]") {
  const openssl::Digest request_mac = openssl::sha256(bytes::of("request"));
  const auto good = signed_answer(key(), request_mac, now);
  std::size_t accepted = 0;
  for (std::size_t i = 16; i < good.size() * 8; ++i) {  // the id is not what is signed
    auto changed = good;
    changed[i / 8] ^= static_cast<std::byte>(1U << (i % 8));
    accepted += verify(changed, key(), now, request_mac).has_value() ? 1U : 0U;
  }
  for (std::size_t size = 0; size < good.size(); ++size)
    accepted += verify(BytesView{good}.first(size), key(), now, request_mac).has_value() ? 1U : 0U;

  // RFC 8945 section 4.3.3: names are signed in lower case, so the case of the 15 letters in the
  // key's and the algorithm's is free.
  CHECK(accepted == 15);
}

TEST_CASE("a compressed name is followed backwards only", "[certs][acme]") {
  const auto message = [](std::string_view name_hex) {
    // One answer whose name is as given, TXT, with the text "x".
    return *bytes::from_hex(std::string{"00018000"
                                        "0001"
                                        "0001"
                                        "0000"
                                        "0000"
                                        "0462657374047465737400"
                                        "0010"
                                        "0001"} +
                            std::string{name_hex} +
                            "0010"
                            "0001"
                            "00000000"
                            "0002"
                            "0178");
  };

  const auto good = message("c00c");
  const auto read = parse(good);

  REQUIRE(read.has_value());
  REQUIRE(read->answers.size() == 1);
  CHECK(read->answers[0].name == "best.test.");
  CHECK(text_of(read->answers[0]).value() == "x");
  CHECK_FALSE(parse(message("c01b")));  // to itself
  CHECK_FALSE(parse(message("c0ff")));  // beyond the end
  CHECK_FALSE(parse(message("40")));    // a label of an unknown kind
}

}  // namespace
}  // namespace sp::acme::dns
