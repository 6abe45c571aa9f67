#include "pushpull/envelope/export.h"

#include "base/openssl/crypto.h"
#include "base/random/random.h"
#include "base/testing/catch.h"
#include "pushpull/envelope/envelope.h"
#include "pushpull/envelope/internal/hpke.h"

namespace sp::pushpull {
namespace {

using internal::Aead;

Bytes hex(std::string_view text) {
  return bytes::from_hex(text).value();
}

/// RFC 9180 appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, mode base.
struct Vector {
  Bytes info = hex("4f6465206f6e2061204772656369616e2055726e");
  StaticPrivateKey ephemeral = StaticPrivateKey::of(hex("52c4a758a802cd8b936eceea314432798d5baf2d7e"
                                                        "9235dc084ab1b9cfa2f736"))
                                   .value();
  StaticPrivateKey recipient = StaticPrivateKey::of(hex("4612c550263fc8ad58375df3f557aac531d2685090"
                                                        "3e55a9f23f21d8534e8ac8"))
                                   .value();
  std::string enc = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431";
  std::string exporter = "45ff1c2e220db587171952c0592d5f5ebe103f1561a2614e38f2ffd47e99e3f8";
  std::string exported = "e9e43065102c3836401bed8c3c3c75ae46be1639869391d62c61f1ec7af54931";
};

}  // namespace

TEST_CASE("both schedules of mode base are RFC 9180 A.1.1", "[envelope]") {
  const Vector v;
  const auto recipient = core_public_key(v.recipient);

  const auto edge =
      internal::by_psa::setup_base_sender(v.ephemeral, recipient, v.info, Aead::aes_128_gcm);
  const auto core =
      internal::by_openssl::setup_base_sender(v.ephemeral, recipient, v.info, Aead::aes_128_gcm);

  CHECK(bytes::hex(edge->encapsulated.view()) == v.enc);
  CHECK(bytes::hex(core->encapsulated.view()) == v.enc);
  CHECK(bytes::hex(edge->context.exporter.expose()) == v.exporter);
  CHECK(bytes::hex(core->context.exporter.expose()) == v.exporter);
  CHECK(bytes::hex(internal::by_psa::export_secret(edge->context, Aead::aes_128_gcm,
                                                   bytes::of("TestContext"), 32)
                       ->expose()) == v.exported);
}

TEST_CASE("the recipient of RFC 9180 A.1.1 comes to the same", "[envelope]") {
  const Vector v;
  const auto encapsulated = StaticPublicKey::of(hex(v.enc)).value();

  const auto edge =
      internal::by_psa::setup_base_recipient(encapsulated, v.recipient, v.info, Aead::aes_128_gcm);
  const auto core = internal::by_openssl::setup_base_recipient(encapsulated, v.recipient, v.info,
                                                               Aead::aes_128_gcm);

  CHECK(bytes::hex(edge->exporter.expose()) == v.exporter);
  CHECK(bytes::hex(core->exporter.expose()) == v.exporter);
}

TEST_CASE("the core makes the secret that the edge made, for the same purpose", "[envelope]") {
  OsRandom random;
  const auto core = StaticPrivateKey::random(random);
  const auto made =
      edge_export(core_public_key(core), {bytes::of("info"), "context"}, random).value();

  CHECK(core_import(made.encapsulated, core, {bytes::of("info"), "context"}).value() ==
        made.secret);
  CHECK_FALSE(core_import(made.encapsulated, core, {bytes::of("info"), "other"}).value() ==
              made.secret);
  CHECK_FALSE(core_import(made.encapsulated, core, {bytes::of("inf"), "context"}).value() ==
              made.secret);
}

TEST_CASE("no secret is made with a key of no use", "[envelope]") {
  OsRandom random;
  const StaticPublicKey zero;

  CHECK_FALSE(edge_export(zero, {}, random).has_value());
  CHECK_FALSE(core_import(zero, StaticPrivateKey::random(random), {}).has_value());
}

TEST_CASE("OpenSSL opens what the edge sealed once", "[envelope]") {
  OsRandom random;
  const auto root = random.secret(32);
  const auto key = edge_expand(root, "one", 32).value();

  const auto sealed = edge_seal_once(key, bytes::of("aad"), bytes::of("plain")).value();
  const auto opened =
      openssl::gcm_open(openssl::hkdf_expand(root, "one", 32), {}, bytes::of("aad"), sealed);

  CHECK(bytes::text(opened->expose()) == "plain");
}

}  // namespace sp::pushpull
