#include "certs/import/import.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#include "base/testing/catch.h"
#include "certs/x509/workshop_fixture.h"

namespace sp::certs::import {
namespace {

using workshop::Made;

Instant today() {
  return *parse_rfc3339("2026-02-01T00:00:00Z");
}
Secret secret(std::string_view text) {
  return Secret::copy_of(bytes::of(text));
}
std::string content_of(const openssl::Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}
bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// What an authority sends: a root, an intermediate, a server's certificate with its key.
struct Parcel {
  Made root = workshop::root();
  Made middle = workshop::intermediate(root);
  Made leaf = workshop::leaf(middle);

  [[nodiscard]] std::string sorted_chain() const { return leaf.pem() + middle.pem(); }
  [[nodiscard]] std::string pfx(const char* password) const {
    STACK_OF(X509)* others = sk_X509_new_null();
    sk_X509_push(others, root.x509.get());
    sk_X509_push(others, middle.x509.get());
    PKCS12* bundle =
        ::PKCS12_create(password, "server", leaf.key.get(), leaf.x509.get(), others, 0, 0, 1, 1, 0);
    sk_X509_free(others);
    const openssl::Bio out{::BIO_new(::BIO_s_mem())};
    REQUIRE(::i2d_PKCS12_bio(out.get(), bundle) == 1);
    ::PKCS12_free(bundle);
    return content_of(out);
  }
  [[nodiscard]] std::string p7b(bool pem) const {
    PKCS7* bundle = ::PKCS7_new();
    ::PKCS7_set_type(bundle, NID_pkcs7_signed);
    ::PKCS7_content_new(bundle, NID_pkcs7_data);
    for (const auto* one : {&root, &leaf, &middle})
      ::PKCS7_add_certificate(bundle, one->x509.get());
    const openssl::Bio out{::BIO_new(::BIO_s_mem())};
    REQUIRE((pem ? ::PEM_write_bio_PKCS7(out.get(), bundle) : ::i2d_PKCS7_bio(out.get(), bundle)) ==
            1);
    ::PKCS7_free(bundle);
    return content_of(out);
  }
  [[nodiscard]] std::string encrypted_key(const char* password) const {
    const openssl::Bio out{::BIO_new(::BIO_s_mem())};
    REQUIRE(::PEM_write_bio_PKCS8PrivateKey(
                out.get(), leaf.key.get(), ::EVP_aes_256_cbc(), password,
                static_cast<int>(std::string_view{password}.size()), nullptr, nullptr) == 1);
    return content_of(out);
  }
};

Result<Sorted> sorted(std::initializer_list<std::string> files,
                      const Wanted& wanted = {{}, today()}, std::string_view password = {}) {
  Pile pile;
  for (const auto& file : files) TRY(add(pile, secret(file), secret(password), "file"));
  return sort(pile, wanted);
}
std::string refusal(std::initializer_list<std::string> files, const Wanted& wanted = {{}, today()},
                    std::string_view password = {}) {
  const auto result = sorted(files, wanted, password);
  return result ? "accepted" : result.error().detail();
}
std::string text_of(const Bytes& der) {
  return std::string{bytes::text(der)};
}

TEST_CASE("any form, order and mixture gives the same chain", "[certs][import]") {
  const Parcel parcel;
  const auto key = parcel.leaf.key_pem();
  const auto chain = [](const Result<Sorted>& result) {
    return result ? result->chain : result.error().detail();
  };

  CHECK(chain(sorted({key + parcel.root.pem() + parcel.middle.pem() + parcel.leaf.pem()})) ==
        parcel.sorted_chain());
  CHECK(chain(sorted({text_of(parcel.middle.der()), key, text_of(parcel.leaf.der())})) ==
        parcel.sorted_chain());
  CHECK(chain(sorted({parcel.p7b(false), key})) == parcel.sorted_chain());
  CHECK(chain(sorted({parcel.p7b(true), key})) == parcel.sorted_chain());
  CHECK(chain(sorted({parcel.pfx("")})) == parcel.sorted_chain());
  CHECK(chain(sorted({parcel.pfx("secret")}, {{}, today()}, "secret")) == parcel.sorted_chain());
  CHECK(chain(sorted({parcel.sorted_chain(), parcel.encrypted_key("secret")}, {{}, today()},
                     "secret")) == parcel.sorted_chain());
}

TEST_CASE("the key comes out as PKCS #8 that belongs to the leaf", "[certs][import]") {
  const Parcel parcel;

  const auto result = sorted({parcel.pfx("")});

  REQUIRE(result);
  CHECK(bytes::text(result->key.expose()) == parcel.leaf.key_pem());
  CHECK(result->names == std::vector<std::string>{"site.example"});
  CHECK(result->until == *parse_rfc3339("2026-03-01T00:00:00Z"));
  CHECK(result->warnings.empty());
}

TEST_CASE("what is wrong is said with what to do", "[certs][import]") {
  const Parcel parcel;
  const auto all = parcel.sorted_chain();
  const auto key = parcel.leaf.key_pem();
  const auto late = *parse_rfc3339("2027-01-01T00:00:00Z");

  CHECK(contains(refusal({all}), "is missing: add the file with --key"));
  CHECK(contains(refusal({all, workshop::root().key_pem()}), "the key is not that of"));
  CHECK(contains(refusal({all, key}, {"other.example", today()}), "is not for other.example"));
  CHECK(contains(refusal({all, key}, {{}, late}), "has expired: get a new certificate"));
  CHECK(
      contains(refusal({parcel.root.pem() + parcel.middle.pem(), key}), "no server's certificate"));
  CHECK(contains(refusal({"hello"}), "give PEM, DER, PFX or P7B"));
  CHECK(contains(refusal({parcel.pfx("secret")}), "--password-file"));
  CHECK(contains(refusal({parcel.pfx("secret")}, {{}, today()}, "wrong"), "does not open it"));
  CHECK(contains(refusal({all, parcel.encrypted_key("secret")}), "--password-file"));
  CHECK(contains(refusal({all, parcel.encrypted_key("secret")}, {{}, today()}, "wrong"),
                 "does not open the key"));
}

TEST_CASE("a missing intermediate and a stranger are warned of", "[certs][import]") {
  const Parcel parcel;
  const auto stranger = workshop::root("Stranger");

  const auto result = sorted({parcel.leaf.pem() + stranger.pem() + parcel.leaf.key_pem()});

  REQUIRE(result);
  REQUIRE(result->warnings.size() == 2);
  CHECK(contains(result->warnings[0], "\"CN=Test intermediate\" is missing"));
  CHECK(contains(result->warnings[1], "\"CN=Stranger\" does not belong"));
  CHECK(result->chain == parcel.leaf.pem());
}

TEST_CASE("of an old and a new certificate for one key the new one is taken", "[certs][import]") {
  const Parcel parcel;
  const auto renewed =
      workshop::make({.name = "site.example",
                      .extensions = workshop::server_extensions("DNS:site.example"),
                      .issuer = &parcel.middle,
                      .same_key = &parcel.leaf,
                      .until = "20260401000000Z",
                      .serial = 7});

  const auto result = sorted({parcel.sorted_chain() + renewed.pem() + parcel.leaf.key_pem()});

  REQUIRE(result);
  CHECK(result->until == *parse_rfc3339("2026-04-01T00:00:00Z"));
}

TEST_CASE("a damaged file of any form is refused", "[certs][import]") {
  const Parcel parcel;
  const auto pfx = parcel.pfx("");
  std::size_t accepted = 0;

  for (std::size_t size = 0; size < pfx.size(); size += 7)
    accepted += sorted({pfx.substr(0, size)}).has_value() ? 1U : 0U;

  CHECK(accepted == 0);
}

}  // namespace
}  // namespace sp::certs::import
