#include "certs/authority/authority.h"

#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdlib>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"
#include "base/tls/certificate.h"

namespace sp::certs {
namespace {

using testing::TemporaryFolder;

Instant today() {
  return SystemClock{}.now();
}

Authority fresh(bool with_intermediate = false) {
  OsRandom random;
  auto authority =
      Authority::create({.name = "Test CA",
                         .constraints = *Constraints::parse({"example", "127.0.0.0/8", "::1"}),
                         .with_intermediate = with_intermediate,
                         .life = {}},
                        today(), random);
  REQUIRE(authority);
  return *std::move(authority);
}

Wish hosts(std::initializer_list<std::string_view> texts) {
  Wish wish;
  for (const auto text : texts) wish.hosts.push_back(*Host::parse(text));
  return wish;
}

std::string root_of(const Authority& authority) {
  return pem_of(authority.root());
}

/// 0 when openssl accepts `chain` for `purpose` at its strictest.
int openssl_verify(const TemporaryFolder& folder, const Authority& authority,
                   const std::string& chain, const std::string& options) {
  REQUIRE(config::write_file(folder / "root.pem", bytes::of(root_of(authority)), 0644));
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
  CHECK(root_of(*loaded) == root_of(authority));
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
  const auto end = tls::not_after(authority.root());

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

TEST_CASE("what is outside of its constraints an authority refuses before it signs", "[certs]") {
  const auto authority = fresh();
  OsRandom random;
  const auto* outside = GENERATE("portal.test", "notexample", "10.0.0.1", "::2", "*.test");

  const auto issued = authority.issue(hosts({"a.example", outside}), today(), random);

  REQUIRE(!issued);
  CHECK(issued.error().code() == Code::forbidden);
  CHECK(issued.error().detail().starts_with(std::string{outside} + " is outside of what"));
}

TEST_CASE("the constraints in a certificate are those that were asked for", "[certs]") {
  const auto* permitted = GENERATE("example.com", "10.0.0.0/8", "2001:db8::/32");
  OsRandom random;
  const auto wanted = *Constraints::parse({permitted});
  const auto authority =
      Authority::create({.name = "A", .constraints = wanted, .life = {}}, today(), random);

  REQUIRE(authority);
  CHECK(*Constraints::of(authority->root()) == wanted);
  const int at = ::X509_get_ext_by_NID(&authority->root(), NID_name_constraints, -1);
  CHECK(::X509_EXTENSION_get_critical(::X509_get_ext(&authority->root(), at)) == 1);
}

TEST_CASE("an intermediate signs while the root's key is away or locked", "[certs]") {
  const TemporaryFolder folder;
  OsRandom random;
  const auto authority = fresh(true);
  REQUIRE(authority.save(folder / "ca", Secret::copy_of(bytes::of("correct horse"))));

  const auto locked = Authority::load(folder / "ca");
  const auto wrong = Authority::load(folder / "ca", Secret::copy_of(bytes::of("battery")));
  const auto open = Authority::load(folder / "ca", Secret::copy_of(bytes::of("correct horse")));
  std::filesystem::remove(folder / "ca/ca.key");
  const auto away = Authority::load(folder / "ca");

  REQUIRE(locked);
  REQUIRE(away);
  REQUIRE(open);
  CHECK(wrong.error().code() == Code::unauthenticated);
  const auto issued = away->issue(hosts({"a.example"}), today(), random);
  REQUIRE(issued);
  const auto between = folder / "between.pem";
  REQUIRE(config::write_file(between, bytes::of(issued->chain), 0644));
  CHECK(openssl_verify(folder, authority, issued->chain,
                       "-purpose sslserver -untrusted '" + between.string() + "'") == 0);
  CHECK(locked->successor(today(), random).error().code() == Code::not_found);
  CHECK(open->successor(today(), random));
}

TEST_CASE("clients that know the old root alone accept what its successor issues", "[certs]") {
  const TemporaryFolder folder;
  OsRandom random;
  const auto with_intermediate = GENERATE(false, true);
  const auto old = fresh(with_intermediate);

  const auto next = old.successor(today(), random);
  REQUIRE(next);
  const auto issued = next->issue(hosts({"a.example"}), today(), random);

  REQUIRE(issued);
  CHECK(next->constraints() == old.constraints());
  const auto sent = folder / "sent.pem";
  REQUIRE(config::write_file(sent, bytes::of(issued->chain), 0644));
  const auto untrusted = "-untrusted '" + sent.string() + "'";
  CHECK(openssl_verify(folder, old, issued->chain, untrusted) == 0);
  CHECK(openssl_verify(folder, *next, issued->chain, untrusted) == 0);
  CHECK(openssl_verify(folder, fresh(), issued->chain, untrusted) != 0);
}

TEST_CASE("identities carry a URI, and nothing else does", "[certs]") {
  const auto authority = fresh();
  OsRandom random;
  auto edge = hosts({});
  edge.profile = Profile::edge_identity;
  const auto without = authority.issue(edge, today(), random);
  edge.uri = "sallyport://site/edge/portal";
  const auto with = authority.issue(edge, today(), random);
  edge.uri = "sallyport://site/edge/a,DNS:b";
  const auto smuggled = authority.issue(edge, today(), random);
  auto server = hosts({"a.example"});
  server.uri = "sallyport://site/edge/portal";

  CHECK(with);
  CHECK(without.error().code() == Code::invalid_input);
  CHECK(smuggled.error().code() == Code::invalid_input);
  CHECK(authority.issue(server, today(), random).error().code() == Code::invalid_input);
}

}  // namespace
}  // namespace sp::certs
