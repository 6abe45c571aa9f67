#include <sys/stat.h>

#include "certs/cli/cli_fixture.h"

namespace sp::certs {
namespace {

TEST_CASE("an authority is made, a certificate issued and shown", "[certs][cli]") {
  Desk desk;

  const auto made = desk.init();
  const auto issued = desk.issue({"--host", "127.0.0.1", "--host", "portal.example"});
  const auto shown = desk.run({"show", desk.path("out/edge.crt")});

  CHECK(made.code == 0);
  CHECK(contains(made.err, "next: sallyport-certs issue --ca " + desk.path("ca")));
  CHECK(issued.code == 0);
  CHECK(contains(issued.out, "for:         127.0.0.1 portal.example\n"));
  CHECK(contains(issued.out, "(396 days)"));
  CHECK(shown.code == 0);
  CHECK(contains(shown.out, "issuer:      CN=Test CA"));
  CHECK(contains(shown.out, "subject:     CN=Test CA (authority)"));
  CHECK(issued.err.starts_with("next: "));
  struct stat state {};
  REQUIRE(::stat(desk.path("out/edge.key").c_str(), &state) == 0);
  CHECK((state.st_mode & 0777) == 0600);
}

TEST_CASE("a file that is not there is a failure, and no answer", "[certs][cli]") {
  Desk desk;
  desk.init();
  const auto root = desk.path("ca/ca.crt");
  const auto none = desk.path("none.crt");

  const auto no_chain = desk.run({"verify", "--chain", none, "--root", root});

  CHECK(no_chain.code == 3);
  CHECK(contains(no_chain.err, "none.crt"));
  CHECK(no_chain.out.empty());
  CHECK(desk.run({"verify", "--chain", root, "--root", none}).code == 3);
  CHECK(desk.run({"verify", "--chain", root, "--root", root, "--crl", none}).code == 3);
  CHECK(desk.run({"check", none}).code == 3);
  CHECK(desk.run({"check", root, "--root", none}).code == 3);
  CHECK(desk.run({"check", root, "--key", none}).code == 3);
  CHECK(desk.run({"import", none, "--out", desk.path("in")}).code == 3);
  CHECK(desk.run({"show", none}).code == 3);
}

TEST_CASE("nothing is replaced unasked", "[certs][cli]") {
  Desk desk;
  desk.init();
  desk.issue({"--host", "a.example"});
  const auto before = desk.content("out/edge.crt");

  const auto second_ca = desk.init();
  const auto second = desk.issue({"--host", "a.example"});
  const auto needed = desk.issue({"--host", "a.example", "--if-needed"});
  CHECK(desk.content("out/edge.crt") == before);
  const auto forced = desk.issue({"--host", "a.example", "--force"});

  CHECK(second_ca.code == 3);
  CHECK(contains(second_ca.err, "sallyport-certs: hint: choose another folder"));
  CHECK(second.code == 3);
  CHECK(contains(second.err, "sallyport-certs: hint: --force replaces it"));
  CHECK(needed.code == 0);
  CHECK(forced.code == 0);
  CHECK(desk.content("out/edge.crt") != before);
}

TEST_CASE("--if-needed replaces what no longer serves", "[certs][cli]") {
  Desk desk;
  desk.init();
  desk.issue({"--host", "a.example"});
  const auto first = desk.content("out/edge.crt");

  desk.issue({"--host", "a.example", "--host", "b.example", "--if-needed"});
  const auto more_hosts = desk.content("out/edge.crt");
  desk.clock.advance(std::chrono::days{300});
  desk.issue({"--host", "a.example", "--if-needed"});
  const auto renewed = desk.content("out/edge.crt");
  const auto authority = desk.run({"ca", "init", "--out", desk.path("ca"), "--if-needed"});

  CHECK(more_hosts != first);
  CHECK(renewed != more_hosts);
  CHECK(authority.code == 0);
  CHECK(contains(authority.out, "CN=Test CA\n"));
}

TEST_CASE("JSON says the same to programs", "[certs][cli]") {
  Desk desk;
  desk.init();

  const auto issued = desk.issue({"--host", "a.example", "--json"});
  const auto shown = desk.run({"--json", "show", desk.path("ca/ca.crt")});

  CHECK(issued.out.starts_with(R"({"schema":1,"certificate":")"));
  CHECK(contains(issued.out, R"("names":["a.example"])"));
  CHECK(contains(issued.out, R"("days_left":396)"));
  CHECK(contains(shown.out, R"("authority":true)"));
}

TEST_CASE("wrong usage ends with 2, an open key with 4", "[certs][cli]") {
  Desk desk;
  desk.init();

  CHECK(desk.run({}).code == 2);
  CHECK(desk.run({"fly"}).code == 2);
  CHECK(desk.issue({"--host", "https://a.example"}).code == 2);
  CHECK(desk.issue({"--host", "a", "--force", "--if-needed"}).code == 2);
  CHECK(desk.run({"show", desk.path("ca/ca.key")}).code == 2);
  REQUIRE(::chmod(desk.path("ca/ca.key").c_str(), 0644) == 0);
  const auto open = desk.issue({"--host", "a.example"});
  CHECK(open.code == 4);
  CHECK(open.err.starts_with("sallyport-certs: error: "));
  CHECK(contains(open.err, "chmod 600"));
  CHECK(desk.run({"--help"}).code == 0);
  CHECK(contains(desk.run({"--help"}).out, "issue"));
}

}  // namespace
}  // namespace sp::certs
