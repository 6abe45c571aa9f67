#include "pushpull/envelope/envelope.h"

#include "base/random/random.h"
#include "base/testing/catch.h"
#include "base/testing/counting_random.h"
#include "pushpull/envelope/internal/hpke.h"

namespace sp::pushpull {
namespace {

using internal::Aead;

Bytes hex(std::string_view text) {
  return bytes::from_hex(text).value();
}

/// RFC 9180 appendix A.1.4: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, mode auth_psk.
struct Vector {
  Bytes info = hex("4f6465206f6e2061204772656369616e2055726e");
  Bytes ephemeral = hex("14de82a5897b613616a00c39b87429df35bc2b426bcfd73febcb45e903490768");
  Bytes recipient = hex("cb29a95649dc5656c2d054c1aa0d3df0493155e9d5da6d7e344ed8b6a64a9423");
  Bytes recipient_public = hex("1d11a3cd247ae48e901939659bd4d79b6b959e1f3e7d66663fbc9412dd4e0976");
  Bytes sender = hex("fc1c87d2f3832adb178b431fce2ac77c7ca2fd680f3406c77b5ecdf818b119f4");
  Bytes sender_public = hex("2bfb2eb18fcad1af0e4f99142a1c474ae74e21b9425fc5c589382c69b50cc57e");
  Bytes psk = hex("0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82");
  Bytes psk_id = hex("456e6e796e20447572696e206172616e204d6f726961");
  Bytes enc = hex("820818d3c23993492cc5623ab437a48a0a7ca3e9639c140fe1e33811eb844b7c");
  Bytes key = hex("1364ead92c47aa7becfa95203037b19a");
  Bytes base_nonce = hex("99d8b5c54669807e9fc70df1");
  Bytes exporter = hex("f048d55eacbf60f9c6154bd4021774d1075ebf963c6adc71fa846f183ab2dde6");
  Bytes plain = hex("4265617574792069732074727574682c20747275746820626561757479");
  Bytes aad = hex("436f756e742d30");
  Bytes sealed = hex(
      "a84c64df1e11d8fd11450039d4fe64ff0c8a99fca0bd72c2d4c3e0400bc14a40f27e45e141a24001697737533e");
  [[nodiscard]] internal::Agreed agreed() const { return {info, psk, psk_id, Aead::aes_128_gcm}; }
};

StaticPrivateKey private_key(BytesView view) {
  return StaticPrivateKey::of(view).value();
}
StaticPublicKey public_key(BytesView view) {
  return StaticPublicKey::of(view).value();
}
void check(const internal::Context& context, const Vector& vector) {
  CHECK(bytes::hex(context.key.expose()) == bytes::hex(vector.key));
  CHECK(bytes::hex(context.nonce) == bytes::hex(vector.base_nonce));
  CHECK(bytes::hex(context.exporter.expose()) == bytes::hex(vector.exporter));
}

/// Two sides that know each other.
struct Pair {
  OsRandom random;
  RequestHeader header{Operation::push, EdgeId::random(random), 7};
  StaticPrivateKey core = StaticPrivateKey::random(random);
  StaticPrivateKey edge = StaticPrivateKey::random(random);
  LinkPsk psk = LinkPsk::random(random);

  SealedRequest seal(std::string_view plain) {
    return seal_request(header, core, edge_public_key(edge).value(), psk, bytes::of(plain), random)
        .value();
  }
  Result<OpenedRequest> open(BytesView envelope) {
    return open_request(envelope, edge, core_public_key(core), psk);
  }
};

/// How many of the envelopes made from `good` by flipping one bit of one byte are accepted.
template <class Opens>
int accepted_flips(const Bytes& good, Opens opens) {
  int accepted = 0;
  for (std::size_t at = 0; at < good.size() * 8; ++at) {
    auto bad = good;
    bad[at / 8] ^= static_cast<std::byte>(1U << (at % 8));
    accepted += opens(bad) ? 1 : 0;
  }
  return accepted;
}
template <class Opens>
int accepted_cuts(const Bytes& good, Opens opens) {
  int accepted = 0;
  for (std::size_t size = 0; size < good.size(); ++size)
    accepted +=
        opens(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))) ? 1 : 0;
  auto longer = good;
  longer.push_back(std::byte{0});
  return accepted + (opens(longer) ? 1 : 0);
}

}  // namespace

TEST_CASE("OpenSSL's schedule is RFC 9180 A.1.4", "[envelope]") {
  const Vector v;

  const auto sent = internal::by_openssl::setup_sender(
      private_key(v.ephemeral), public_key(v.recipient_public), private_key(v.sender), v.agreed());
  const auto received = internal::by_openssl::setup_recipient(
      public_key(v.enc), private_key(v.recipient), public_key(v.sender_public), v.agreed());

  REQUIRE(sent.has_value());
  REQUIRE(received.has_value());
  CHECK(bytes::hex(sent->encapsulated.view()) == bytes::hex(v.enc));
  check(sent->context, v);
  check(*received, v);
}

TEST_CASE("PSA's schedule is RFC 9180 A.1.4", "[envelope]") {
  const Vector v;

  const auto sent = internal::by_psa::setup_sender(
      private_key(v.ephemeral), public_key(v.recipient_public), private_key(v.sender), v.agreed());
  const auto received = internal::by_psa::setup_recipient(
      public_key(v.enc), private_key(v.recipient), public_key(v.sender_public), v.agreed());

  REQUIRE(sent.has_value());
  REQUIRE(received.has_value());
  CHECK(bytes::hex(sent->encapsulated.view()) == bytes::hex(v.enc));
  check(sent->context, v);
  check(*received, v);
}

TEST_CASE("PSA seals and opens the first message of RFC 9180 A.1.4", "[envelope]") {
  const Vector v;
  const auto context =
      internal::by_psa::setup_recipient(public_key(v.enc), private_key(v.recipient),
                                        public_key(v.sender_public), v.agreed())
          .value();

  const auto sealed = internal::by_psa::seal(context.key, context.nonce, v.aad, v.plain);
  const auto opened = internal::by_psa::open(context.key, context.nonce, v.aad, v.sealed);

  CHECK(bytes::hex(sealed.value()) == bytes::hex(v.sealed));
  CHECK(opened.value() == v.plain);
}

TEST_CASE("both sides export the same secret", "[envelope]") {
  const Vector v;
  for (const auto aead : {Aead::aes_128_gcm, Aead::aes_256_gcm}) {
    auto agreed = v.agreed();
    agreed.aead = aead;
    const auto core =
        internal::by_openssl::setup_recipient(public_key(v.enc), private_key(v.recipient),
                                              public_key(v.sender_public), agreed)
            .value();
    const auto edge = internal::by_psa::setup_recipient(public_key(v.enc), private_key(v.recipient),
                                                        public_key(v.sender_public), agreed)
                          .value();
    CHECK(core.key == edge.key);
    CHECK(core.nonce == edge.nonce);
    CHECK(internal::by_openssl::export_secret(core, aead, v.aad, 48) ==
          internal::by_psa::export_secret(edge, aead, v.aad, 48).value());
  }
}

TEST_CASE("a public key is the same on both sides", "[envelope]") {
  OsRandom random;
  for (int round = 0; round < 20; ++round) {
    const auto key = StaticPrivateKey::random(random);
    CHECK(core_public_key(key) == edge_public_key(key).value());
  }
}

TEST_CASE("the edge reads what the core sealed, and the core the answer", "[envelope]") {
  Pair pair;

  const auto request = pair.seal("items");
  const auto opened = pair.open(request.envelope).value();
  const auto response = opened.sealer.seal(bytes::of("applied"), pair.random).value();

  CHECK(bytes::text(opened.plain) == "items");
  CHECK(opened.header.operation == Operation::push);
  CHECK(opened.header.key_epoch == 7);
  CHECK(bytes::text(request.opener.open(response).value()) == "applied");
}

TEST_CASE("empty content travels too", "[envelope]") {
  Pair pair;

  const auto request = pair.seal("");
  const auto opened = pair.open(request.envelope).value();
  const auto response = opened.sealer.seal({}, pair.random).value();

  CHECK(opened.plain.empty());
  CHECK(request.opener.open(response).value().empty());
}

TEST_CASE("a request with any bit flipped does not open", "[envelope][promise-6]") {
  Pair pair;
  const auto request = pair.seal("hello");

  CHECK(accepted_flips(request.envelope,
                       [&](const Bytes& bad) { return pair.open(bad).has_value(); }) == 0);
  CHECK(accepted_cuts(request.envelope,
                      [&](const Bytes& bad) { return pair.open(bad).has_value(); }) == 0);
}

TEST_CASE("a response with any bit flipped does not open", "[envelope][promise-6]") {
  Pair pair;
  const auto request = pair.seal("hello");
  const auto response =
      pair.open(request.envelope)->sealer.seal(bytes::of("answer"), pair.random).value();

  const auto opens = [&](const Bytes& bad) { return request.opener.open(bad).has_value(); };

  CHECK(accepted_flips(response, opens) == 0);
  CHECK(accepted_cuts(response, opens) == 0);
}

TEST_CASE("nobody else's key opens a request", "[envelope][promise-6]") {
  Pair pair;
  Pair other;
  const auto request = pair.seal("items");
  const auto core = core_public_key(pair.core);

  CHECK_FALSE(open_request(request.envelope, other.edge, core, pair.psk).has_value());
  CHECK_FALSE(
      open_request(request.envelope, pair.edge, core_public_key(other.core), pair.psk).has_value());
  CHECK_FALSE(open_request(request.envelope, pair.edge, core, other.psk).has_value());
  CHECK(open_request(request.envelope, pair.edge, core, pair.psk).has_value());
}

TEST_CASE("an answer to another request does not open", "[envelope][promise-6]") {
  Pair pair;
  const auto first = pair.seal("one");
  const auto second = pair.seal("one");
  const auto answer = pair.open(first.envelope)->sealer.seal(bytes::of("1"), pair.random).value();

  CHECK_FALSE(second.opener.open(answer).has_value());
  CHECK(first.opener.open(answer).has_value());
}

TEST_CASE("a key of no use is refused on both sides", "[envelope]") {
  Pair pair;
  const StaticPublicKey zero;

  CHECK_FALSE(seal_request(pair.header, pair.core, zero, pair.psk, {}, pair.random).has_value());
  CHECK_FALSE(open_request(pair.seal("x").envelope, pair.edge, zero, pair.psk).has_value());
}

TEST_CASE("what is larger than an envelope may be is not sealed", "[envelope]") {
  Pair pair;
  const Bytes large(most_envelope_size);

  const auto sealed = seal_request(pair.header, pair.core, edge_public_key(pair.edge).value(),
                                   pair.psk, large, pair.random);

  CHECK(sealed.error().code() == Code::invalid_input);
}

}  // namespace sp::pushpull
