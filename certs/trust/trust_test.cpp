#include "certs/trust/trust.h"

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"
#include "certs/authority/authority.h"
#include "certs/trust/program.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;

struct Machine {
  TemporaryFolder folder;
  Places places{folder / "root", folder / "home"};
  fs::path root = folder / "root.crt";
  fs::path leaf = folder / "leaf.crt";

  Machine() {
    OsRandom random;
    const auto now = SystemClock{}.now();
    const auto authority = Authority::create(
        {.name = "A", .constraints = *Constraints::parse({"example"}), .life = {}}, now, random);
    REQUIRE(authority);
    Wish wish;
    wish.hosts = {*Host::parse("a.example")};
    const auto issued = authority->issue(wish, now, random);
    REQUIRE(issued);
    put(root, pem_of(authority->root()));
    put(leaf, issued->chain);
    for (const auto* one :
         {"usr/local/share/ca-certificates", "etc/ssl/certs", "etc/ca-certificates/update.d"})
      fs::create_directories(places.root / one);
    fs::create_directories(places.home);
  }
  void put(const fs::path& file, const std::string& content) {
    REQUIRE(config::write_file(file, bytes::of(content), 0644));
  }
  std::vector<Said> ask(Action action, std::vector<Store> stores) {
    const auto said = apply(action, root, stores, places);
    REQUIRE(said);
    return *said;
  }
  fs::path database(const char* where) {
    const auto path = places.home / where;
    fs::create_directories(path);
    const auto made =
        run_program({"certutil", "-N", "-d", "sql:" + path.string(), "--empty-password"});
    REQUIRE(made);
    REQUIRE(made->status == 0);
    return path;
  }
  bool openssl_trusts() {
    const auto ran = run_program({"openssl", "verify", "-no-CAfile", "-CApath",
                                  (places.root / "etc/ssl/certs").string(), leaf.string()});
    return ran && ran->status == 0;
  }
};

TEST_CASE("the system's store takes an authority in and lets it go", "[certs]") {
  if (!is_installed("update-ca-certificates")) {
    WARN("no update-ca-certificates here: the system's store is not tried");
    return;
  }
  Machine machine;

  CHECK(!machine.ask(Action::status, {Store::system}).front().good);
  const auto installed = machine.ask(Action::install, {Store::system});
  INFO(installed.front().sentence);
  CHECK(installed.front().good);
  CHECK(machine.openssl_trusts());
  CHECK(machine.ask(Action::status, {Store::system}).front().good);
  CHECK(machine.ask(Action::remove, {Store::system}).front().good);
  CHECK(!machine.openssl_trusts());
  CHECK(machine.ask(Action::remove, {Store::system}).front().sentence == "did not have it");
}

TEST_CASE("browsers' databases take an authority in and let it go", "[certs]") {
  if (!is_installed("certutil")) {
    WARN("no certutil here: browsers' databases are not tried");
    return;
  }
  Machine machine;
  machine.database(".pki/nssdb");
  machine.database(".mozilla/firefox/abc.default");
  machine.database("snap/firefox/common/.mozilla/firefox/def.default");
  const std::vector stores{Store::nss, Store::firefox};
  const auto all_good = [](const std::vector<Said>& all) {
    return all.size() == 3 && std::ranges::all_of(all, &Said::good);
  };

  CHECK(!all_good(machine.ask(Action::status, stores)));
  CHECK(all_good(machine.ask(Action::install, stores)));
  CHECK(all_good(machine.ask(Action::status, stores)));
  CHECK(all_good(machine.ask(Action::install, stores)));
  CHECK(all_good(machine.ask(Action::remove, stores)));
  CHECK(!machine.ask(Action::status, stores).front().good);
}

TEST_CASE("Java's store takes an authority in and lets it go", "[certs]") {
  if (!is_installed("keytool")) {
    WARN("no keytool here: Java's store is not tried");
    return;
  }
  Machine machine;
  const auto store = machine.places.root / "etc/ssl/certs/java/cacerts";
  fs::create_directories(store.parent_path());
  REQUIRE(run_program({"keytool", "-genkeypair", "-alias", "x", "-dname", "CN=x", "-keyalg", "EC",
                       "-keystore", store.string(), "-storepass", "changeit"})
              ->status == 0);

  CHECK(!machine.ask(Action::status, {Store::java}).front().good);
  CHECK(machine.ask(Action::install, {Store::java}).front().good);
  CHECK(machine.ask(Action::status, {Store::java}).front().good);
  CHECK(machine.ask(Action::remove, {Store::java}).front().good);
  CHECK(!machine.ask(Action::status, {Store::java}).front().good);
}

TEST_CASE("a store that fails does not stop the others", "[certs]") {
  if (!is_installed("certutil")) {
    WARN("no certutil here: a broken database is not tried");
    return;
  }
  Machine machine;
  machine.database(".mozilla/firefox/good.default");
  fs::create_directories(machine.places.home / ".pki/nssdb");
  machine.put(machine.places.home / ".pki/nssdb/cert9.db", "this is no database");

  const auto said = machine.ask(Action::install, {Store::nss, Store::firefox, Store::java});

  REQUIRE(said.size() == 3);
  CHECK((!said[0].good && !said[0].absent));
  CHECK(said[1].good);
  CHECK(said[2].absent);
}

TEST_CASE("only authorities are installed", "[certs]") {
  Machine machine;

  CHECK(apply(Action::install, machine.leaf, {Store::nss}, machine.places).error().code() ==
        Code::invalid_input);
  CHECK(apply(Action::install, machine.folder / "none", {Store::nss}, machine.places)
            .error()
            .code() == Code::not_found);
  CHECK(stores_named("system,java")->size() == 2);
  CHECK(stores_named("windows").error().code() == Code::invalid_input);
  CHECK(stores_named("").error().code() == Code::invalid_input);
}

TEST_CASE("a program's end and words are seen", "[certs]") {
  const auto ran = run_program({"sh", "-c", "echo out; echo err >&2; exit 3"});
  REQUIRE(ran);
  CHECK(ran->status == 3);
  CHECK(ran->said == "out\nerr\n");
  CHECK(!run_program({"/nonexistent/program"}));
  CHECK(is_installed("sh"));
  CHECK(!is_installed("no-such-program-anywhere"));
}

}  // namespace
}  // namespace sp::certs
