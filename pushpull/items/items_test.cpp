#include "pushpull/items/items.h"

#include "base/random/random.h"
#include "base/testing/catch.h"
#include "base/testing/counting_random.h"
#include "pushpull/envelope/envelope.h"
#include "pushpull/items/canonical_fixture.h"
#include "pushpull/items/operations.h"

namespace sp::pushpull {
namespace {

MessagePut some_put() {
  MessagePut put;
  put.link.fill(std::byte{1});
  put.pass.emplace().fill(std::byte{2});
  put.salt.emplace().fill(std::byte{3});
  put.memory_kib = 65536;
  put.passes = 3;
  put.views = 2;
  put.attempts = 5;
  put.expires_at = from_millis(1'800'000'000'000);
  put.grace = Duration{60'000};
  put.sender = "Ada Example <ada@example.org>";
  put.size = 4;
  put.data = Bytes(4, std::byte{9});
  return put;
}

Bytes hex(std::string_view text) {
  return bytes::from_hex(text).value();
}

}  // namespace

TEST_CASE("a message survives its encoding", "[items]") {
  const auto put = some_put();

  const auto back = decode_message_put(encode(put)).value();

  CHECK(back.link == put.link);
  CHECK(back.pass == put.pass);
  CHECK(back.salt == put.salt);
  CHECK(back.expires_at == put.expires_at);
  CHECK(back.grace == put.grace);
  CHECK(back.sender == put.sender);
  CHECK(back.data == put.data);
  CHECK(encode(back) == encode(put));
}

TEST_CASE("what is absent is null and comes back absent", "[items]") {
  MessagePut put;

  const auto back = decode_message_put(encode(put)).value();

  CHECK_FALSE(back.pass.has_value());
  CHECK_FALSE(back.salt.has_value());
  CHECK_FALSE(back.sender.has_value());
}

TEST_CASE("the bytes of an event are those of the format's example", "[items]") {
  // RFC 8949: a2 = map of 2; 64 "left" 01; 66 "source" 6c "192.0.2.0/24".
  CHECK(bytes::hex(encode(MessageRefused{1, "192.0.2.0/24"})) ==
        "a2646c6566740166736f757263656c3139322e302e322e302f3234");
  CHECK(bytes::hex(empty_body()) == "a0");
}

TEST_CASE("a batch survives its encoding", "[items]") {
  OsRandom random;
  PushRequest push{Epoch::random(random), from_millis(5), {}};
  push.items.push_back({1, std::string{kind::message_put}, Bytes(32), encode(some_put())});
  push.items.push_back({2, std::string{kind::message_revoke}, Bytes(32), empty_body()});

  const auto back = decode_push_request(encode(push)).value();

  REQUIRE(back.items.size() == 2);
  CHECK(back.core_epoch == push.core_epoch);
  CHECK(back.items[1].kind == kind::message_revoke);
  CHECK(back.items[0].body == push.items[0].body);
}

TEST_CASE("a resync survives its encoding", "[items]") {
  OsRandom random;
  Resync resync{Epoch::random(random), 1, 2, 99, {}};
  resync.live.push_back({Hash{std::byte{7}}, 3});

  const auto back = decode_resync(encode(resync)).value();

  CHECK(back.edge_epoch == resync.edge_epoch);
  CHECK(back.last_event == 99);
  REQUIRE(back.live.size() == 1);
  CHECK(back.live[0].id == resync.live[0].id);
  CHECK(back.live[0].views_left == 3);
}

TEST_CASE("hello tells of the edge's certificates", "[items]") {
  HelloResponse hello;
  CertificateReport sent{.listener = "public",
                         .names = {"a.example", "192.0.2.1"},
                         .issuer = "Some CA",
                         .not_before = from_millis(1000),
                         .not_after = from_millis(2000),
                         .fingerprint = {std::byte{7}},
                         .pin = {},
                         .renewed_by = "certbot"};
  hello.certificates = {sent};

  const auto back = decode_hello_response(encode(hello)).value().certificates.at(0);

  CHECK(back.listener == "public");
  CHECK(back.names == sent.names);
  CHECK(back.issuer == "Some CA");
  CHECK(to_millis(back.not_before) == 1000);
  CHECK(to_millis(back.not_after) == 2000);
  CHECK(back.fingerprint == sent.fingerprint);
  CHECK(back.renewed_by == "certbot");
}

TEST_CASE("a part beyond the last is refused", "[items]") {
  OsRandom random;

  CHECK_FALSE(decode_resync(encode(Resync{Epoch::random(random), 2, 2, 0, {}})).has_value());
  CHECK_FALSE(decode_resync(encode(Resync{Epoch::random(random), 0, 0, 0, {}})).has_value());
}

TEST_CASE("each value has one form only", "[items]") {
  HelloResponse hello;
  hello.capabilities = {"selfdestruct"};
  hello.certificates.push_back({.listener = "public", .names = {"a.example", "192.0.2.1"}});

  CHECK(not_canonical(encode(some_put()), decode_message_put) == 0);
  CHECK(not_canonical(encode(hello), decode_hello_response) == 0);
  CHECK(accepted_cuts(encode(some_put()), decode_message_put) == 0);
  CHECK(accepted_cuts(encode(hello), decode_hello_response) == 0);
}

TEST_CASE("CBOR that our encoder would not write is refused", "[items]") {
  CHECK(decode_empty(hex("a0")).has_value());
  CHECK_FALSE(decode_empty(hex("bfff")).has_value());       // indefinite length
  CHECK_FALSE(decode_empty(hex("b800")).has_value());       // length not in its shortest form
  CHECK_FALSE(decode_empty(hex("a10000")).has_value());     // unknown member
  CHECK_FALSE(decode_empty(hex("a0a0")).has_value());       // trailing
  CHECK_FALSE(decode_edge_warning(hex("a0")).has_value());  // missing member
  CHECK_FALSE(decode_edge_warning(hex("a164636f646561ff")).has_value());          // not UTF-8
  CHECK_FALSE(decode_edge_warning(hex("a164636f64657f61616161ff")).has_value());  // in pieces
}

TEST_CASE("a length that is a lie costs nothing", "[items]") {
  // {"index": 0, "data": a byte string of 2^62 bytes}, of which none came
  CHECK_FALSE(
      decode_message_chunk(hex("a265696e6465780064646174615b4000000000000000")).has_value());
  // {"core_epoch": ..., "now": 0, "items": an array of 2^40}
  CHECK_FALSE(decode_push_request(hex("a36a636f72655f65706f636850000102030405060708090a0b0c0d0e0f"
                                      "636e6f7700656974656d739b0000010000000000"))
                  .has_value());
}

TEST_CASE("another version of the protocol is refused", "[items]") {
  auto hello = encode(HelloRequest{});

  REQUIRE(hello.at(3) == std::byte{1});
  hello.at(3) = std::byte{2};

  CHECK_FALSE(decode_hello_request(hello).has_value());
}

TEST_CASE("the envelopes are those of the format's example", "[items][envelope]") {
  sp::testing::CountingRandom random;
  const auto core = StaticPrivateKey::random(random);
  const auto edge = StaticPrivateKey::random(random);
  const auto psk = LinkPsk::random(random);
  const RequestHeader header{Operation::pull, EdgeId::random(random), 1};
  PullResponse response;
  response.edge_epoch.bytes.fill(std::byte{0xee});
  response.now = from_millis(1'800'000'000'000);
  response.events.push_back({8, std::string{kind::message_viewed}, Bytes(32, std::byte{0x11}),
                             response.now, encode(MessageViewed{1, 0, "192.0.2.0/24"})});

  const auto plain = encode(PullRequest{7, Duration{25'000}, 4'194'304});
  const auto request =
      seal_request(header, core, edge_public_key(edge).value(), psk, plain, random).value();
  const auto opened = open_request(request.envelope, edge, core_public_key(core), psk).value();
  const auto answer = opened.sealer.seal(encode(response), random).value();

  CHECK(bytes::hex(plain) == "a36361636b0767776169745f6d731961a8696d61785f62797465731a00400000");
  CHECK(
      bytes::hex(request.envelope) ==
      "535050310103606162636465666768696a6b6c6d6e6f0000000123b7bb8c91ae008711fb12846780bcdf1e065f82"
      "1bdfec49f57e7c7dcd4c4823855d8178e1c997feb42607616d346c998b5227ebfd4b13d1b5e281d2530926cb8281"
      "32f451990491a592c306541bfd73");
  CHECK(bytes::hex(answer).starts_with(
      "535050310203909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf678381cbe2f96b3d"
      "1f091287ce8e39e9"));
  CHECK(decode_pull_response(request.opener.open(answer).value())->events.size() == 1);
}

TEST_CASE("a rekey survives its encoding", "[items]") {
  OsRandom random;
  const RekeyRequest rekey{4, LinkPsk::random(random)};

  const auto back = decode_rekey_request(encode(rekey)).value();

  CHECK(back.epoch == 4);
  CHECK(back.psk == rekey.psk);
}

TEST_CASE("the estimate of a size is never too small", "[items]") {
  const Item item{~0ULL, std::string(40, 'k'), Bytes(32), Bytes(70'000)};
  const Event event{~0ULL, std::string(40, 'k'), Bytes(32), from_millis(1LL << 47U), Bytes(70'000)};
  PushRequest push;
  PullResponse pull;
  const auto push_frame = encode(push).size();
  const auto pull_frame = encode(pull).size();
  push.items.push_back(item);
  pull.events.push_back(event);

  CHECK(encode(push).size() - push_frame <= encoded_size(item));
  CHECK(encode(pull).size() - pull_frame <= encoded_size(event));
}

}  // namespace sp::pushpull
