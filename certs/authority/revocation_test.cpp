#include "certs/authority/revocation.h"

#include <cstdlib>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"
#include "base/tls/certificate.h"
#include "certs/authority/authority.h"

namespace sp::certs {
namespace {

using testing::TemporaryFolder;

struct Site {
  TemporaryFolder folder;
  OsRandom random;
  Instant now = SystemClock{}.now();
  Authority authority = make();

  Authority make() {
    auto made = Authority::create(
        {.name = "A", .constraints = *Constraints::parse({"example"}), .life = {}}, now, random);
    REQUIRE(made);
    REQUIRE(config::write_file(folder / "root.pem", bytes::of(pem_of(made->root())), 0644));
    return *std::move(made);
  }
  std::string issue(std::string_view name) {
    Wish wish;
    wish.hosts = {*Host::parse("a.example")};
    const auto issued = authority.issue(wish, now, random);
    REQUIRE(issued);
    REQUIRE(config::write_file(folder / name, bytes::of(issued->chain), 0644));
    const auto leaf = tls::parse_certificate(issued->chain);
    return serial_of(**leaf);
  }
  bool accepted(std::string_view name) const {
    const auto in = [&](std::string_view file) { return " '" + (folder / file).string() + "'"; };
    const auto command = "openssl verify -crl_check -x509_strict -no-CApath -CAfile" +
                         in("root.pem") + " -CRLfile" + in("ca.crl") + in(name) +
                         " >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;
  }
};

TEST_CASE("what was taken back is refused by those who look at the list", "[certs]") {
  Site site;
  const auto good = site.issue("good.pem");
  const auto bad = site.issue("bad.pem");

  REQUIRE(revoke(site.folder.path(), {bad, site.now, "keyCompromise"}));
  REQUIRE(revoke(site.folder.path(), {bad, site.now, "superseded"}));
  REQUIRE(write_crl(site.folder.path(), site.authority.issuing(), site.now));

  CHECK(site.accepted("good.pem"));
  CHECK(!site.accepted("bad.pem"));
  const auto all = read_revoked(site.folder.path());
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  CHECK(all->front().reason == "keyCompromise");
}

TEST_CASE("lists are numbered one after the other", "[certs]") {
  Site site;
  const auto number = [&](int wanted) {
    const auto command = "openssl crl -crlnumber -noout -in '" + (site.folder / "ca.crl").string() +
                         "' | grep -qix 'crlnumber=0x0*" + std::to_string(wanted) + "'";
    return std::system(command.c_str()) == 0;
  };

  REQUIRE(write_crl(site.folder.path(), site.authority.issuing(), site.now));
  CHECK(number(1));
  REQUIRE(write_crl(site.folder.path(), site.authority.issuing(), site.now));
  CHECK(number(2));
}

TEST_CASE("the file of what was taken back is read strictly", "[certs]") {
  const TemporaryFolder folder;
  const auto* bad = GENERATE("xyz 2026-01-01T00:00:00Z unspecified\n", "0a now unspecified\n",
                             "0a 2026-01-01T00:00:00Z boredom\n", "0a\n");
  REQUIRE(config::write_file(folder / "revoked", bytes::of(bad), 0644));

  CHECK(!read_revoked(folder.path()));
  CHECK(revoke(folder.path(), {"0a", {}, "boredom"}).error().code() == Code::invalid_input);
  CHECK(revoke(folder.path(), {"", {}, "superseded"}).error().code() == Code::invalid_input);
}

}  // namespace
}  // namespace sp::certs
