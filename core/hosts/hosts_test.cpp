#include "base/testing/catch.h"
#include "core/hosts/host.h"
#include "core/hosts/import.h"
#include "core/hosts/public_key.h"
#include "core/inventory/testing/bench.h"

namespace sp::hosts {
namespace {

// Made with ssh-keygen; the fingerprint is what `ssh-keygen -l` prints.
const std::string ed25519 =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILNowqGnlWvPMNQlvBDD+KeBEzqTUluss3d0CG6ArdsQ";
const std::string ed25519_fingerprint = "SHA256:josYLHrQeWEr0rr8QVavk1n3JrlT8Vfh/0O0EKpyn0E";
const std::string certificate =
    "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29"
    "tAAAAINus7VYHYFnTRT1J6YuEtwR9A8kdoq0HtI7lW4xIR/xJAAAAILNowqGnlWvPMNQlvBDD+KeBEzq"
    "TUluss3d0CG6ArdsQAAAAAAAAAAAAAAABAAAAAmlkAAAACAAAAARyb290AAAAAAAAAAD//////////wA"
    "AAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmR"
    "pbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnB"
    "lcm1pdC11c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIANcs5B7e3jwRZjSbUYWfu0"
    "+aq+WqgIYo2/7Cy1fuFX/AAAAUwAAAAtzc2gtZWQyNTUxOQAAAECzVczv2SmB8CmgXxL03a3XCyJMN5h"
    "YJHoVPVVblWZVbReNGtdLaPQfCMvBoPfEAwiV9tUTeUr24zuYn7niDjQG";

struct Bench : inventory::testing::Bench {
  explicit Bench(store::Engine engine) : inventory::testing::Bench(engine) {
    berlin = site("Berlin").id;
    bonn = site("Bonn").id;
  }
  Host host(const std::string& name, Change more = {}) {
    more.name = name;
    if (!more.site) more.site = berlin;
    auto made = add(context(), ada, more);
    REQUIRE(made);
    for (const auto& problem : made->problems)
      UNSCOPED_INFO(problem.field << ": " << problem.detail);
    REQUIRE(made->now);
    return std::move(*made->now);
  }
  std::vector<std::string> names(const Filter& filter, const access::Actor& actor) {
    std::vector<std::string> out;
    const auto found = *list(context(), actor, filter, "", 100);
    for (const auto& one : found) out.push_back(one.fields.name);
    return out;
  }
  std::string berlin, bonn;
};
using Names = std::vector<std::string>;

TEST_CASE("a public key keeps its type and loses its comment", "[hosts]") {
  const auto key = parse_public_key("  " + ed25519 + " root@web 1\n");

  REQUIRE(key);
  CHECK(key->line() == ed25519);
  CHECK(key->fingerprint == ed25519_fingerprint);
  CHECK_FALSE(key->is_certificate());
  CHECK(parse_public_key(certificate)->is_certificate());
}

TEST_CASE("what is no public key is refused", "[hosts]") {
  const auto body = ed25519.substr(ed25519.find(' ') + 1);
  const auto bad = GENERATE_COPY(as<std::string>{}, "", "ssh-ed25519", "ssh-dss " + body,
                                 "ssh-rsa " + body, "ssh-ed25519 " + body.substr(4),
                                 "ssh-ed25519 AAAA", "ssh-ed25519 " + body + "=", body,
                                 ed25519 + "\n" + ed25519, "-----BEGIN PUBLIC KEY-----");
  CAPTURE(bad);
  CHECK_FALSE(parse_public_key(bad));
}

TEST_CASE("a host takes its protocol's port and its name as address", "[hosts]") {
  const auto fields = changed({}, {.name = " win-1 ", .protocol = Protocol::rdp});
  const auto other = changed({}, {.name = "x", .port = 2222, .protocol = Protocol::ssh});

  CHECK(fields.name == "win-1");
  CHECK(fields.address == "win-1");
  CHECK(fields.port == 3389);
  CHECK(other.port == 2222);
  CHECK(default_port(Protocol::ssh) == 22);
  CHECK(default_port(Protocol::telnet) == 23);
  CHECK(default_port(Protocol::vnc) == 5901);
}

TEST_CASE("folders and tags are tidied", "[hosts]") {
  auto fields = changed({}, {.name = "x", .folder = " Linux // Web/ ", .tags = {{"a", " b", "a"}}});
  fields = changed(fields, {.add_tags = {{"c"}}, .remove_tags = {{"a"}}});

  CHECK(fields.folder == "Linux/Web");
  CHECK(fields.tags == Names{"b", "c"});
}

TEST_CASE("what is wrong with a host is named", "[hosts]") {
  auto fields = changed({}, {.name = "x",
                             .address = "x:22",
                             .port = 70000,
                             .tags = {{"a,b"}},
                             .host_keys = {{"nonsense"}},
                             .host_cas = {{certificate}}});

  Names named;
  for (const auto& problem : problems(fields)) named.push_back(problem.field);

  CHECK(named == Names{"tags", "site", "address", "port", "host_keys", "host_cas"});
}

TEST_CASE("a host is added, found, changed, moved and removed", "[hosts]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto made = bench.host("web-1", {.host_keys = {{ed25519 + " comment"}}});

  const auto moved = change(bench.context(), bench.ada, made.id,
                            {.site = bench.bonn, .folder = "Linux"}, made.revision);

  REQUIRE(moved->now);
  CHECK(moved->now->site_name == "Bonn");
  const auto found = *find(bench.context(), bench.ada, made.id);
  CHECK(found.fields.folder == "Linux");
  CHECK(found.fields.host_keys == Names{ed25519});
  CHECK(found.rights == access::all_rights);
  CHECK(change(bench.context(), bench.ada, made.id, {}, made.revision)->code == Code::conflict);
  REQUIRE(remove(bench.context(), bench.ada, made.id));
  CHECK(find(bench.context(), bench.ada, made.id).error().code() == Code::not_found);
  CHECK(bench.text("SELECT object FROM permissions WHERE object_kind = 'host'").empty());
  CHECK(bench.codes("host") == Names{"host.created", "host.changed", "host.removed"});
}

TEST_CASE("a name is one at its site", "[hosts]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.host("web-1");
  const auto other = bench.host("web-1", {.site = bench.bonn});

  const auto twin = add(bench.context(), bench.ada, {.name = "WEB-1", .site = bench.berlin});
  const auto moved = change(bench.context(), bench.ada, other.id, {.site = bench.berlin});

  CHECK(twin->code == Code::conflict);
  CHECK(moved->code == Code::conflict);
  CHECK(moved->problems.front().field == "name");
}

TEST_CASE("hosts are searched and filtered", "[hosts]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.host("web-1", {.folder = "Linux/Web", .tags = {{"prod", "web"}}});
  bench.host("db-1", {.operating_system = "Debian 12", .folder = "Linux"});
  bench.host("win-1", {.site = bench.bonn, .protocol = Protocol::rdp, .tags = {{"production"}}});

  CHECK(bench.names({}, bench.ada) == Names{"db-1", "web-1", "win-1"});
  CHECK(bench.names({.part = "DEBIAN"}, bench.ada) == Names{"db-1"});
  CHECK(bench.names({.part = "%"}, bench.ada).empty());
  CHECK(bench.names({.tag = "prod"}, bench.ada) == Names{"web-1"});
  CHECK(bench.names({.folder = "Linux"}, bench.ada) == Names{"db-1", "web-1"});
  CHECK(bench.names({.folder = "Linux/Web"}, bench.ada) == Names{"web-1"});
  CHECK(bench.names({.folder = ""}, bench.ada) == Names{"win-1"});
  CHECK(bench.names({.site = bench.bonn}, bench.ada) == Names{"win-1"});
  CHECK(bench.names({.protocol = Protocol::rdp}, bench.ada) == Names{"win-1"});
  CHECK(folders(bench.context(), bench.ada, bench.berlin)->size() == 2);
}

TEST_CASE("a person sees and changes the hosts that rights were given on", "[hosts][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto web = bench.host("web-1"), db = bench.host("db-1");
  const auto win = bench.host("win-1", {.site = bench.bonn});
  bench.give("host", db.id, bench.bob, access::Right::use);
  bench.give("site", bench.bonn, bench.bob, access::Right::change);
  const auto context = bench.context();

  CHECK(bench.names({}, bench.bob) == Names{"db-1", "win-1"});
  CHECK(bench.names({}, bench.eve).empty());
  CHECK(find(context, bench.bob, web.id).error().code() == Code::not_found);
  CHECK(change(context, bench.bob, db.id, {.notes = "x"}).error().code() == Code::forbidden);
  CHECK(remove(context, bench.bob, web.id).error().code() == Code::not_found);
  CHECK(change(context, bench.bob, win.id, {.notes = "x"})->now.has_value());
  CHECK(change(context, bench.bob, win.id, {.site = bench.berlin})->problems.front().field ==
        "site");
  CHECK(add(context, bench.bob, {.name = "new", .site = bench.bonn})->now.has_value());
  CHECK(add(context, bench.bob, {.name = "new", .site = bench.berlin})->problems.front().field ==
        "site");
}

TEST_CASE("to trust a new key replaces the pins, and is in the trail", "[hosts]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto host = bench.host("web-1");

  const auto trusted = trust_key(bench.context(), bench.ada, host.id, ed25519, Pin::replace);

  CHECK(trusted->now->fields.host_keys == Names{ed25519});
  CHECK(bench.codes("host").back() == "host.key_trusted");
  CHECK(trust_key(bench.context(), bench.ada, host.id, "x", Pin::add)->problems.front().field ==
        "key");
}

using Lines = std::vector<std::pair<int, std::string>>;
Lines lines_of(const inventory::Imported& imported) {
  Lines out;
  for (const auto& problem : imported.problems) out.emplace_back(problem.line, problem.field);
  return out;
}

TEST_CASE("hosts are imported, and once more with what changed", "[hosts]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto import = [&](const std::string& text, inventory::ImportOptions options = {}) {
    return *import_csv(bench.context(), bench.ada, text, options);
  };

  const auto first = import("name,site,port,tags,notes\nweb-1,BERLIN,2222,\"a,b\",x\nweb-2," +
                            bench.berlin + ",,,\n");
  const auto again =
      import("name;site;notes;protocol\nweb-1;Berlin;;\nwin-1;Bonn;y;RDP\n", {.update = true});

  CHECK(first.created == 2);
  CHECK(again.created == 1);
  CHECK(again.changed == 1);
  CHECK(bench.names({}, bench.ada) == Names{"web-1", "web-2", "win-1"});
  const auto web = *find(bench.context(), bench.ada, bench.id_of("host", "web-1"));
  CHECK(web.fields.port == 2222);
  CHECK(web.fields.notes == "x");
  CHECK(web.fields.tags == Names{"a", "b"});
  CHECK(find(bench.context(), bench.ada, bench.id_of("host", "win-1"))->fields.port == 3389);
  CHECK(bench.codes("inventory") == Names{"inventory.imported", "inventory.imported"});
  CHECK(bench.codes("host").size() == 4);
}

TEST_CASE("an import with problems writes nothing and tells each line", "[hosts]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.host("web-1");
  const auto import = [&](const std::string& text) {
    return lines_of(*import_csv(bench.context(), bench.ada, text, {}));
  };

  CHECK(import("name,site,port,first_use\nok,Berlin,,\nweb-1,Berlin,,\nx,Nowhere,,\n,Berlin,a,b\n"
               "twin,Bonn,,\nTWIN,Bonn,,\n") ==
        Lines{{3, "name"}, {4, "site"}, {5, "name"}, {5, "port"}, {5, "first_use"}, {7, "name"}});
  CHECK(import("name,colour\nx,y\n") == Lines{{1, "colour"}, {1, "site"}});
  CHECK(import("name,site\nx\n") == Lines{{2, ""}});
  CHECK(bench.names({}, bench.ada) == Names{"web-1"});
  CHECK(bench.codes("host").size() == 1);
}

TEST_CASE("a dry run writes nothing, and nobody imports past their rights", "[hosts][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.host("web-1");
  bench.give("site", bench.bonn, bench.bob, access::Right::change);
  const std::string text = "name,site\nnew,Bonn\n";
  const auto context = bench.context();

  const auto dry = *import_csv(context, bench.ada, text, {.dry_run = true});

  CHECK(dry.created == 1);
  CHECK(bench.names({}, bench.ada) == Names{"web-1"});
  CHECK(bench.codes("inventory").empty());
  CHECK(lines_of(*import_csv(context, bench.eve, text, {})) == Lines{{2, "site"}});
  CHECK(lines_of(*import_csv(context, bench.bob, "name,site\nweb-1,Berlin\n", {.update = true})) ==
        Lines{{2, "name"}});
  CHECK(import_csv(context, bench.bob, text, {})->created == 1);
}

}  // namespace
}  // namespace sp::hosts
