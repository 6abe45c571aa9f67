#include "certs/authority/authority.h"

#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdlib>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"
#include "base/tls/certificate.h"
#include "base/tls/context.h"

namespace sp::certs {
namespace {

using testing::TemporaryFolder;

Instant today() {
  return SystemClock{}.now();
}

Authority fresh() {
  OsRandom random;
  auto authority = Authority::create("Test CA", today(), random);
  REQUIRE(authority);
  return *std::move(authority);
}

std::vector<Host> hosts(std::initializer_list<std::string_view> texts) {
  std::vector<Host> all;
  for (const auto text : texts) all.push_back(*Host::parse(text));
  return all;
}

/// 0 when openssl accepts `chain` for `purpose` at its strictest.
int openssl_verify(const TemporaryFolder& folder, const Authority& authority,
                   const std::string& chain, const std::string& options) {
  REQUIRE(config::write_file(folder / "root.pem", bytes::of(authority.certificate_pem()), 0644));
  REQUIRE(config::write_file(folder / "chain.pem", bytes::of(chain), 0644));
  const auto command = "openssl verify -x509_strict -no-CApath -no-CAstore -CAfile '" +
                       (folder / "root.pem").string() + "' " + options + " '" +
                       (folder / "chain.pem").string() + "' >/dev/null 2>&1";
  return std::system(command.c_str());
}

TEST_CASE("openssl verify accepts what the authority issues, for its hosts alone", "[certs]") {
  const TemporaryFolder folder;
  const auto authority = fresh();
  OsRandom random;
  const auto issued = authority.issue(
      hosts({"portal.example", "127.0.0.1", "::1", "*.edge.example"}), today(), random);
  REQUIRE(issued);
  const auto verdict = [&](const std::string& options) {
    return openssl_verify(folder, authority, issued->chain, options);
  };

  CHECK(verdict("-purpose sslserver") == 0);
  CHECK(verdict("-purpose sslserver -verify_hostname portal.example") == 0);
  CHECK(verdict("-purpose sslserver -verify_hostname a.edge.example") == 0);
  CHECK(verdict("-purpose sslserver -verify_ip 127.0.0.1") == 0);
  CHECK(verdict("-purpose sslserver -verify_ip ::1") == 0);
  CHECK(verdict("-purpose sslserver -verify_hostname other.example") != 0);
  CHECK(verdict("-purpose sslclient") != 0);
  CHECK(openssl_verify(folder, fresh(), issued->chain, "") != 0);
}

TEST_CASE("a host name too long for a subject is named all the same", "[certs]") {
  const TemporaryFolder folder;
  const auto authority = fresh();
  OsRandom random;
  const auto name = std::string(60, 'a') + "." + std::string(60, 'b') + ".example";

  const auto issued = authority.issue(hosts({name}), today(), random);

  REQUIRE(issued);
  CHECK(openssl_verify(folder, authority, issued->chain,
                       "-purpose sslserver -verify_hostname " + name) == 0);
}

TEST_CASE("an authority is saved once, privately, and read back", "[certs]") {
  const TemporaryFolder folder;
  const auto authority = fresh();
  REQUIRE(authority.save(folder / "ca"));

  const auto again = authority.save(folder / "ca");
  const auto loaded = Authority::load(folder / "ca");
  struct stat state {};
  REQUIRE(::stat((folder / "ca/ca.key").c_str(), &state) == 0);

  CHECK(again.error().code() == Code::conflict);
  REQUIRE(loaded);
  CHECK(loaded->certificate_pem() == authority.certificate_pem());
  CHECK((state.st_mode & 0777) == 0600);
}

TEST_CASE("an authority with another's key, or an open one, is refused", "[certs]") {
  const TemporaryFolder folder;
  REQUIRE(fresh().save(folder / "a"));
  REQUIRE(fresh().save(folder / "b"));
  std::filesystem::copy_file(folder / "a/ca.key", folder / "b/ca.key",
                             std::filesystem::copy_options::overwrite_existing);
  REQUIRE(::chmod((folder / "a/ca.key").c_str(), 0644) == 0);

  CHECK(Authority::load(folder / "a").error().code() == Code::forbidden);
  CHECK(Authority::load(folder / "b").error().code() == Code::invalid_input);
  CHECK(Authority::load(folder / "c").error().code() == Code::not_found);
}

TEST_CASE("a leaf never outlives its authority, and an expired one issues nothing", "[certs]") {
  const auto authority = fresh();
  OsRandom random;
  const auto end = tls::not_after(authority.certificate());

  const auto late = authority.issue(hosts({"a.example"}), end - std::chrono::days{2}, random);
  const auto too_late =
      authority.issue(hosts({"a.example"}), end + std::chrono::seconds{1}, random);

  REQUIRE(late);
  CHECK(tls::not_after(**tls::parse_certificate(late->chain)) == end);
  CHECK(too_late.error().code() == Code::expired);
}

TEST_CASE("serial numbers are 20 bytes, positive, and differ", "[certs]") {
  const auto authority = fresh();
  OsRandom random;
  const auto a = authority.issue(hosts({"a.example"}), today(), random);
  const auto b = authority.issue(hosts({"a.example"}), today(), random);

  const auto first = *tls::parse_certificate(a->chain);
  const auto second = *tls::parse_certificate(b->chain);
  const auto* serial = ::X509_get0_serialNumber(first.get());

  CHECK(::ASN1_STRING_length(serial) == 20);
  CHECK(::ASN1_STRING_type(serial) == V_ASN1_INTEGER);
  CHECK(::ASN1_INTEGER_cmp(serial, ::X509_get0_serialNumber(second.get())) != 0);
}

TEST_CASE("what was issued can be served", "[certs]") {
  const auto authority = fresh();
  OsRandom random;
  auto issued = authority.issue(hosts({"127.0.0.1"}), today(), random);

  CHECK(tls::public_server({issued->chain, std::move(issued->key)}));
}

TEST_CASE("hosts are names and addresses and nothing else", "[certs]") {
  const auto good = [](std::string_view text) { return Host::parse(text)->text; };
  CHECK(good("Portal.Example") == "portal.example");
  CHECK(good("::0001") == "::1");
  CHECK(good("10.1.2.3") == "10.1.2.3");
  CHECK(good("localhost") == "localhost");

  const auto* bad =
      GENERATE("", "a b", "https://a.example", "a.example:443", "a..example", "-a.example",
               "a.example,IP:1.2.3.4", "1.2.3", "300.1.1.1", "*.*.example", "a.*.example",
               "b\xC3\xBC"
               "cher.example",
               "a/b", "[::1]");
  CHECK(Host::parse(bad).error().code() == Code::invalid_input);
}

}  // namespace
}  // namespace sp::certs
