#include "base/openssl/crypto.h"

#include "base/testing/catch.h"

namespace sp::openssl {
namespace {

Bytes hex(std::string_view text) {
  return *bytes::from_hex(text);
}
Secret key_of(std::string_view text) {
  return Secret::copy_of(hex(text));
}

TEST_CASE("HKDF gives what RFC 5869 appendix A.1 says", "[openssl]") {
  const auto prk = hkdf_extract(hex("000102030405060708090a0b0c"),
                                {hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b")});
  const auto okm = hkdf_expand(prk, hex("f0f1f2f3f4f5f6f7f8f9"), 42);

  CHECK(bytes::hex(prk.expose()) ==
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  CHECK(bytes::hex(okm.expose()) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST_CASE("HKDF works without salt, RFC 5869 appendix A.3", "[openssl]") {
  const auto prk = hkdf_extract({}, {hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b")});

  CHECK(bytes::hex(prk.expose()) ==
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04");
}

TEST_CASE("AES-256-GCM gives NIST's test case 16", "[openssl]") {
  const auto key = key_of("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  Nonce nonce;
  std::ranges::copy(hex("cafebabefacedbaddecaf888"), nonce.begin());
  const auto aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const auto plain =
      hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e24"
          "49a6b525b16aedf5aa0de657ba637b39");

  const auto sealed = gcm_seal(key, nonce, aad, plain);

  CHECK(bytes::hex(sealed) ==
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056"
        "828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b");
  CHECK(bytes::hex(gcm_open(key, nonce, aad, sealed)->expose()) == bytes::hex(plain));
}

TEST_CASE("any flipped bit, any cut and any added byte is refused", "[openssl]") {
  const auto key = key_of("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const auto sealed = gcm_seal(key, Nonce{}, bytes::of("aad"), bytes::of("text"));
  int opened = 0;

  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto bad = sealed;
    bad[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
    opened += gcm_open(key, Nonce{}, bytes::of("aad"), bad).has_value() ? 1 : 0;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    opened +=
        gcm_open(key, Nonce{}, bytes::of("aad"), BytesView{sealed}.first(size)).has_value() ? 1 : 0;
  auto longer = sealed;
  longer.push_back(std::byte{0});

  CHECK(opened == 0);
  CHECK_FALSE(gcm_open(key, Nonce{}, bytes::of("aad"), longer));
  CHECK_FALSE(gcm_open(key, Nonce{}, bytes::of("dad"), sealed));
}

}  // namespace
}  // namespace sp::openssl
