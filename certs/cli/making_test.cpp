#include "certs/cli/cli_fixture.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

constexpr const char* next_line = "next: ";

TEST_CASE("a self-signed site has a root to install, and no key that could sign more",
          "[certs][cli]") {
  Desk desk;

  const auto made = desk.run({"self-signed", "--out", desk.path("s"), "--url",
                              "https://B\xC3\xBC"
                              "cher.example:8443",
                              "--url", "https://[2001:db8::1]"});

  REQUIRE(made.code == 0);
  CHECK(contains(made.out, "xn--bcher-kva.example 2001:db8::1\n"));
  CHECK(contains(made.err, "install " + desk.path("s/server.root.crt") + " once"));
  CHECK(desk.is_there("s/server.key"));
  CHECK(!desk.is_there("s/ca/ca.key"));
  CHECK(desk.run({"self-signed", "--out", desk.path("s"), "--url", "x.example"}).code == 3);
  CHECK(desk.run({"self-signed", "--out", desk.path("e")}).code == 2);
  CHECK(desk.run({"self-signed", "--out", desk.path("e"), "--url", "http://a"}).code == 2);
}

TEST_CASE("a kept root renews without new trust", "[certs][cli]") {
  Desk desk;
  REQUIRE(
      desk.run({"self-signed", "--keep-ca", "--out", desk.path("s"), "--url", "a.example"}).code ==
      0);
  const auto before = desk.content("s/server.crt");

  const auto early =
      desk.run({"ca", "renew", "--ca", desk.path("s/ca"), desk.path("s/server.crt")});
  CHECK(desk.content("s/server.crt") == before);
  desk.clock.advance(std::chrono::days{300});
  const auto due = desk.run({"ca", "renew", "--ca", desk.path("s/ca"), desk.path("s/server.crt")});

  const auto more = desk.run(
      {"self-signed", "--keep-ca", "--force", "--out", desk.path("s"), "--url", "a.example"});

  CHECK(early.code == 1);
  CHECK(due.code == 0);
  CHECK(more.code == 0);
  CHECK(desk.content("s/server.crt") != before);
  CHECK(desk.content("s/ca/ca.crt") == desk.content("s/server.root.crt"));
}

TEST_CASE("an authority says what it may sign, and keeps to it", "[certs][cli]") {
  Desk desk;
  desk.init();

  const auto shown = desk.run({"ca", "show", "--ca", desk.path("ca")});
  const auto outside = desk.issue({"--host", "portal.elsewhere"});
  const auto too_long = desk.issue({"--host", "b.example", "--days", "826"});
  const auto open = desk.run({"ca", "init", "--out", desk.path("open"), "--unconstrained"});

  CHECK(contains(shown.out, "example and below, a and below, 127.0.0.0/8\n"));
  CHECK(outside.code == 4);
  CHECK(contains(outside.err, "hint: an authority for other names"));
  CHECK(contains(outside.err, "--permit portal.elsewhere"));
  CHECK(too_long.code == 2);
  CHECK(contains(too_long.err, "ask for 825 days at most"));
  CHECK(contains(open.out, "any name\n"));
  CHECK(contains(open.out, "CN=Sallyport Site CA inside "));
}

TEST_CASE("an identity is renewed as what it is", "[certs][cli]") {
  Desk desk;
  desk.init();
  REQUIRE(desk.issue({"--profile", "edge", "--uri", "sallyport://site/edge/portal"}).code == 0);
  const auto before = desk.content("out/edge.crt");

  const auto renewed =
      desk.run({"ca", "renew", "--force", "--ca", desk.path("ca"), desk.path("out/edge.crt")});

  CHECK(renewed.code == 0);
  CHECK(contains(renewed.out, "(29 days)"));
  CHECK(desk.content("out/edge.crt") != before);
}

TEST_CASE("a request is made, signed and refused", "[certs][cli]") {
  Desk desk;
  desk.init();

  const auto made = desk.run({"csr", "--out", desk.path("r"), "--name", "site", "--url",
                              "https://portal.b.example", "--wildcard", "--for", "adcs"});
  REQUIRE(made.code == 0);
  const auto sign = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all{"ca",
                                 "sign",
                                 desk.path("r/site.csr"),
                                 "--ca",
                                 desk.path("ca"),
                                 "--out",
                                 desk.path("site.pem")};
    all.insert(all.end(), more.begin(), more.end());
    return desk.run(all);
  };
  const auto dry = sign({"--dry-run"});
  CHECK(!desk.is_there("site.pem"));
  const auto signed_one = sign({});
  const auto again = sign({});
  const auto outside = sign({"--force", "--host", "other.test"});

  CHECK(contains(made.out, "certreq -submit -attrib \"CertificateTemplate:WebServer\" site.csr "));
  CHECK(contains(made.out, "portal.b.example *.b.example\n"));
  CHECK(dry.code == 0);
  CHECK(signed_one.code == 0);
  CHECK(contains(desk.run({"show", desk.path("site.pem")}).out, "portal.b.example *.b.example"));
  CHECK(again.code == 3);
  CHECK(outside.code == 4);
  CHECK(
      desk.run({"csr", "--out", desk.path("r"), "--url", "a.example", "--template", "a\"b"}).code ==
      2);
}

TEST_CASE("a key is not replaced under a certificate that is served", "[certs][cli]") {
  Desk desk;
  desk.init();
  desk.issue({"--host", "a.example"});
  const auto key = desk.content("out/edge.key");

  const auto made =
      desk.run({"csr", "--out", desk.path("out"), "--name", "edge", "--url", "a.example"});

  CHECK(made.code == 0);
  CHECK(desk.content("out/edge.key") == key);
  CHECK(desk.is_there("out/edge.next.key"));
}

TEST_CASE("what was taken back stands in the list", "[certs][cli]") {
  Desk desk;
  desk.init();
  desk.issue({"--host", "a.example"});
  const std::vector<std::string> command{"ca",           "revoke",        desk.path("out/edge.crt"),
                                         "--ca",         desk.path("ca"), "--reason",
                                         "keyCompromise"};

  auto dry = command;
  dry.emplace_back("--dry-run");
  CHECK(desk.run(dry).code == 0);
  CHECK(!desk.is_there("ca/ca.crl"));
  CHECK(desk.run(command).code == 0);
  CHECK(desk.is_there("ca/ca.crl"));
  CHECK(contains(desk.content("ca/revoked"), " keyCompromise\n"));
  CHECK(desk.run({"ca", "revoke", "0abc", "--ca", desk.path("ca")}).code == 1);
  CHECK(contains(desk.run({"--json", "ca", "crl", "--ca", desk.path("ca")}).out, R"("revoked":1)"));
}

TEST_CASE("an authority rotates, and a run that was interrupted ends", "[certs][cli]") {
  Desk desk;
  desk.init();
  const auto old_root = desk.content("ca/ca.crt");
  const auto rotate = [&] { return desk.run({"ca", "rotate", "--ca", desk.path("ca/")}); };
  fs::create_directories(desk.folder / "ca.next");
  const auto in_the_way = rotate();
  CHECK(in_the_way.code == 3);
  CHECK(desk.content("ca/ca.crt") == old_root);
  REQUIRE(config::write_file(desk.folder / "ca.next/successor-of", bytes::of("00"), 0644));

  fs::create_directories(desk.folder / "ca/mine");
  CHECK(rotate().code == 3);
  fs::remove(desk.folder / "ca/mine");

  const auto first = rotate();

  REQUIRE(first.code == 0);
  CHECK(desk.is_there("ca/cross.crt"));
  CHECK(desk.content("ca/ca.crt") != old_root);
  const auto serial = desk.content("ca/successor-of");
  CHECK(desk.content("ca/old/" + serial + "/ca.crt") == old_root);
  // As if it had been killed right after the two changed places.
  fs::rename(desk.folder / "ca/old" / serial, desk.folder / "ca.next");
  const auto root = desk.content("ca/ca.crt");
  const auto ended = rotate();
  CHECK(ended.code == 0);
  CHECK(desk.content("ca/ca.crt") == root);
  CHECK(desk.content("ca/old/" + serial + "/ca.crt") == old_root);
  const auto second = rotate();
  CHECK(second.code == 0);
  CHECK(desk.content("ca/old/" + serial + "/ca.crt") == old_root);
  CHECK(desk.is_there("ca/old/" + desk.content("ca/successor-of") + "/ca.key"));
}

TEST_CASE("pins are given out before their key is used", "[certs][cli]") {
  Desk desk;
  desk.init();
  desk.issue({"--host", "a.example"});
  const auto file = desk.path("out/edge.crt");

  const auto one = desk.run({"pin", file});
  const auto two = desk.run({"pin", file, "--prepare-next"});
  const auto same = desk.run({"pin", file, "--prepare-next"});
  desk.run({"ca", "renew", "--force", "--ca", desk.path("ca"), file});
  const auto after = desk.run({"pin", file});

  CHECK(one.out.starts_with("sha256/"));
  CHECK(two.out == same.out);
  REQUIRE(two.out.starts_with(one.out));
  CHECK(after.out == two.out.substr(one.out.size()));
  CHECK(
      contains(desk.run({"--json", "pin", file}).out, R"("pins":[{"of":"current","pin":"sha256/)"));
  desk.run({"ca", "renew", "--force", "--reuse-key", "--ca", desk.path("ca"), file});
  CHECK(desk.run({"pin", file}).out == after.out);
}

TEST_CASE("what is due is told by exit code", "[certs][cli]") {
  Desk desk;
  desk.init();
  desk.issue({"--host", "a.example", "--days", "90"});
  const auto asks = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all{"needs-renewal", desk.path("out/edge.crt")};
    all.insert(all.end(), more.begin(), more.end());
    return desk.run(all).code;
  };

  CHECK(asks({}) == 1);
  CHECK(asks({"--expires-in", "91d"}) == 0);
  CHECK(asks({"--expires-in", "30d"}) == 1);
  CHECK(asks({"--expires-in", "75%"}) == 1);
  CHECK(asks({"--expires-in", "x%"}) == 2);
  CHECK(asks({"--expires-in", "soon"}) == 2);
  CHECK(desk.run({"needs-renewal", desk.path("none.crt")}).code == 2);
  CHECK(desk.run({"status", desk.path("out")}).code == 0);
  desk.clock.advance(std::chrono::days{61});
  CHECK(asks({}) == 0);
  CHECK(asks({"--expires-in", "75%"}) == 1);
  CHECK(desk.run({"status", desk.path("out")}).code == 1);
}

TEST_CASE("status lists every certificate and what is wrong with it", "[certs][cli]") {
  Desk desk;
  desk.init();
  desk.issue({"--host", "a.example"});
  REQUIRE(config::write_file(desk.folder / "out/broken.crt", bytes::of("no certificate"), 0644));
  fs::copy_file(desk.folder / "out/edge.crt", desk.folder / "out/alien.crt");
  fs::copy_file(desk.folder / "ca/ca.key", desk.folder / "out/alien.key");

  const auto table = desk.run({"status", desk.path("out"), desk.path("ca")});
  const auto json = desk.run({"--json", "status", desk.path("out")});

  CHECK(table.code == 1);
  CHECK(table.out.starts_with("FILE "));
  CHECK(contains(table.out, "alien.crt   broken"));
  CHECK(contains(table.out, "broken.crt  unreadable"));
  CHECK(contains(table.out, "edge.crt    good"));
  CHECK(contains(table.out, "authority"));
  CHECK(contains(json.out, R"("good":false)"));
  CHECK(contains(json.out, R"("state":"good","days_left":396)"));
  CHECK(desk.run({"status", desk.path("none")}).code == 1);
}

TEST_CASE("rollback brings the one before back", "[certs][cli]") {
  Desk desk;
  desk.init();
  desk.issue({"--host", "a.example"});
  const auto first = desk.content("out/edge.crt");
  CHECK(desk.run({"rollback", desk.path("out")}).code == 1);
  desk.issue({"--host", "b.example", "--force"});

  const auto dry = desk.run({"rollback", desk.path("out"), "--dry-run"});
  CHECK(desk.content("out/edge.crt") != first);
  const auto back = desk.run({"rollback", desk.path("out")});

  CHECK(dry.code == 0);
  CHECK(back.code == 0);
  CHECK(contains(back.out, "a.example"));
  CHECK(desk.content("out/edge.crt") == first);
}

TEST_CASE("export tells a new password once, and never writes over a file", "[certs][cli]") {
  Desk desk;
  desk.init();
  desk.issue({"--host", "a.example"});
  const auto exported = [&](const std::string& format, const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"export", desk.path("out/edge.crt"), "--format", format,
                                 "--out",  desk.path("x." + format)};
    all.insert(all.end(), more.begin(), more.end());
    return desk.run(all);
  };
  REQUIRE(config::write_file(desk.folder / "pass", bytes::of("open-sesame\n"), 0600));

  const auto pfx = exported("pfx");
  const auto again = exported("pfx");
  const auto named = exported("jks", {"--password-file", desk.path("pass")});
  const auto pem = exported("pem");
  const auto misused = exported("p12-truststore", {"--compat", "windows2016"});

  CHECK(pfx.code == 0);
  CHECK(pfx.err.starts_with("password: "));
  CHECK(!contains(pfx.out, pfx.err.substr(10, 24)));
  CHECK(again.code == 3);
  CHECK(named.code == 0);
  CHECK(!contains(named.err, "password: "));
  CHECK(contains(named.out, "holds a key:  yes\n"));
  CHECK(desk.content("x.pem") == desk.content("out/edge.key") + desk.content("out/edge.crt"));
  CHECK(misused.code == 2);
  CHECK(fs::status(desk.folder / "x.pfx").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("trust says which stores there are", "[certs][cli]") {
  Desk desk;
  desk.init();
  fs::create_directories(desk.folder / "empty");
  const auto ask = [&](const std::string& what, const std::string& store) {
    return desk.run({"trust", what, desk.path("ca/ca.crt"), "--root", desk.path("empty"), "--home",
                     desk.path("empty"), "--store", store});
  };

  const auto none = ask("install", "system,nss,firefox,java");

  CHECK(none.code == 0);
  CHECK(contains(none.out, "absent"));
  CHECK(ask("status", "windows").code == 2);
  CHECK(desk.run({"trust", "install", desk.path("none")}).code == 1);
}

TEST_CASE("advice comes by options, by questions, and not from nowhere", "[certs][cli]") {
  Desk desk;

  const auto few = desk.run({"advise", "--few-users"});
  const auto provider =
      desk.run({"--json", "advise", "--from-outside", "--remote-sites", "3", "--url", "a.example"});
  const auto spoken =
      desk.run({"advise"}, "n\nn\nyes\ny\nn\n0\nmany\n0\nhttps://vault.corp.test\n");
  const auto nobody = desk.run({"advise"});

  CHECK(contains(few.out, "self-signed\n"));
  CHECK(contains(provider.out, R"("kind":"public CA","wildcard":"required")"));
  CHECK(contains(spoken.err, "[https://HOST, or nothing]"));
  CHECK(contains(spoken.out, "internal CA\n"));
  CHECK(contains(spoken.out, "--url https://vault.corp.test --for adcs"));
  CHECK(nobody.code == 2);
}

TEST_CASE("--dry-run writes nothing, and the last line says what to do next", "[certs][cli]") {
  Desk desk;

  const auto ca = desk.run({"ca", "init", "--out", desk.path("ca"), "--dry-run"});
  CHECK(!desk.is_there("ca"));
  desk.init();
  const auto issued = desk.issue({"--host", "a.example", "--dry-run"});
  const auto site =
      desk.run({"self-signed", "--out", desk.path("s"), "--url", "a.example", "--dry-run"});
  const auto request =
      desk.run({"csr", "--out", desk.path("s"), "--url", "a.example", "--dry-run"});
  const auto quiet = desk.run({"--quiet", "show", desk.path("ca/ca.crt")});

  CHECK(!desk.is_there("out"));
  CHECK(!desk.is_there("s"));
  for (const auto* ran : {&ca, &issued, &site, &request}) {
    CHECK(ran->code == 0);
    CHECK(ran->err.starts_with(next_line));
  }
  CHECK(quiet.err.empty());
}

}  // namespace
}  // namespace sp::certs
