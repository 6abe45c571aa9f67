#include "certs/export/stores.h"

#include <openssl/pkcs12.h>

#include <cstdlib>

#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/counting_random.h"
#include "base/testing/temporary_folder.h"
#include "base/tls/certificate.h"
#include "certs/authority/authority.h"

namespace sp::certs {
namespace {

using testing::TemporaryFolder;

Secret password() {
  return Secret::copy_of(bytes::of("open-sesame"));
}

Bundle bundle(KeyKind kind = KeyKind::p256) {
  OsRandom random;
  const auto now = SystemClock{}.now();
  const auto authority = Authority::create(
      {.name = "A", .constraints = *Constraints::parse({"example"}), .life = {}}, now, random);
  REQUIRE(authority);
  Wish wish;
  wish.hosts = {*Host::parse("a.example")};
  wish.key = kind;
  const auto issued = authority->issue(wish, now, random);
  REQUIRE(issued);
  auto chain = tls::parse_chain(issued->chain);
  auto key = parse_key(issued->key, {});
  REQUIRE(key);
  return {*std::move(chain), *std::move(key), "sallyport"};
}

Bundle trusted() {
  auto all = bundle();
  all.key = nullptr;
  all.chain.erase(all.chain.begin());
  return all;
}

/// Runs `command` with FILE in place of the store and PASS of a file with the password.
bool accepts(const Result<Secret>& store, std::string command) {
  const TemporaryFolder folder;
  REQUIRE(store);
  REQUIRE(config::write_file(folder / "store", store->expose(), 0600));
  REQUIRE(config::write_file(folder / "pass", bytes::of("open-sesame"), 0600));
  const auto put = [&](std::string_view word, std::string_view file) {
    for (auto at = command.find(word); at != std::string::npos; at = command.find(word))
      command.replace(at, word.size(), (folder / file).string());
  };
  put("FILE", "store");
  put("PASS", "pass");
  return std::system(command.c_str()) == 0;
}

bool has_keytool() {
  static const bool found = std::system("command -v keytool >/dev/null 2>&1") == 0;
  if (!found) WARN("no keytool here: what Java says is not asked");
  return found;
}

constexpr const char* info =
    "openssl pkcs12 -in FILE -info -nodes -passin file:PASS 2>&1 >/dev/null";

TEST_CASE("a PFX is read with its password, in both ages", "[certs]") {
  const auto kind = GENERATE(KeyKind::p256, KeyKind::rsa2048);
  const auto all = bundle(kind);

  const auto modern = pkcs12(all, password(), Compat::modern);
  const auto old = pkcs12(all, password(), Compat::windows_2016);

  const std::string say = info;
  CHECK(accepts(modern, say + " | grep -q 'AES-256-CBC'"));
  CHECK(accepts(modern, say + " | grep -qi 'MAC: sha256'"));
  CHECK(accepts(old, say + " | grep -q 'pbeWithSHA1And3-KeyTripleDES-CBC'"));
  CHECK(accepts(old, say + " | grep -qi 'MAC: sha1'"));
  CHECK(accepts(old, "! openssl pkcs12 -in FILE -nodes -passin pass:wrong >/dev/null 2>&1"));
  CHECK(accepts(old,
                "openssl pkcs12 -in FILE -nokeys -passin file:PASS 2>/dev/null | grep -c BEGIN "
                "| grep -qx 2"));
}

TEST_CASE("a PFX needs key and password", "[certs]") {
  CHECK(pkcs12(trusted(), password(), Compat::modern).error().code() == Code::invalid_input);
  CHECK(pkcs12(bundle(), Secret{}, Compat::modern).error().code() == Code::invalid_input);
}

TEST_CASE("Java lists what it is to trust", "[certs]") {
  const auto all = trusted();
  OsRandom random;
  const auto marked = pkcs12_truststore(all, password());
  const auto old = jks(all, password(), SystemClock{}.now(), random);
  CHECK(accepts(marked,
                "openssl pkcs12 -in FILE -nokeys -passin file:PASS 2>/dev/null | "
                "grep -q '2.16.840.1.113894.746875.1.1\\|[Tt]rusted key usage'"));
  if (!has_keytool()) return;

  const std::string list = "keytool -list -keystore FILE -storepass:file PASS 2>/dev/null | ";
  CHECK(accepts(marked, list + "grep -q 'sallyport,.*trustedCertEntry'"));
  CHECK(accepts(old, list + "grep -q 'sallyport,.*trustedCertEntry'"));
  CHECK(accepts(old, list + "grep -q 'type: JKS'"));
}

TEST_CASE("Java opens a key in either form", "[certs]") {
  if (!has_keytool()) return;
  const auto kind = GENERATE(KeyKind::p256, KeyKind::rsa2048);
  const auto all = bundle(kind);
  OsRandom random;
  const std::string list = "keytool -list -keystore FILE -storepass:file PASS 2>/dev/null | ";
  // Only one that can open the key can ask for a certificate with it.
  const std::string ask =
      "keytool -certreq -alias sallyport -keystore FILE -storepass:file PASS 2>/dev/null | "
      "openssl req -noout -verify >/dev/null 2>&1";

  const auto old = jks(all, password(), SystemClock{}.now(), random);
  const auto modern = pkcs12(all, password(), Compat::modern);

  CHECK(accepts(old, list + "grep -q 'sallyport,.*PrivateKeyEntry'"));
  CHECK(accepts(old, ask));
  CHECK(accepts(modern, list + "grep -q 'sallyport,.*PrivateKeyEntry'"));
  CHECK(accepts(modern, ask));
  CHECK(accepts(old, "! keytool -list -keystore FILE -storepass wrong-one >/dev/null 2>&1"));
}

TEST_CASE("a JKS is what its layout says", "[certs]") {
  testing::CountingRandom random;
  const auto store = jks(bundle(), password(), from_millis(0x0102030405060708), random);
  REQUIRE(store);
  bytes::Reader reader{store->expose()};

  CHECK(*reader.u32() == 0xFEEDFEED);
  CHECK(*reader.u32() == 2);
  CHECK(*reader.u32() == 1);
  CHECK(*reader.u32() == 1);
  CHECK(*reader.u16() == 9);
  CHECK(bytes::text(*reader.take(9)) == "sallyport");
  CHECK(*reader.u64() == 0x0102030405060708);
  CHECK(jks(bundle(), Secret::copy_of(bytes::of("short")), {}, random).error().code() ==
        Code::invalid_input);
  CHECK(jks(bundle(), Secret::copy_of(bytes::of("pässwort")), {}, random).error().code() ==
        Code::invalid_input);
}

}  // namespace
}  // namespace sp::certs
