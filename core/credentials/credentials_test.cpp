#include "base/testing/catch.h"
#include "core/credentials/destination.h"
#include "core/credentials/import.h"
#include "core/inventory/testing/bench.h"

namespace sp::credentials {
namespace {

using Names = std::vector<std::string>;

Secret secret(std::string_view text) {
  return Secret::copy_of(bytes::of(text));
}
std::string text(const Secret& value) {
  return std::string{bytes::text(value.expose())};
}
const std::string private_key =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
const std::string certificate =
    "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29"
    "tAAAAINus7VYHYFnTRT1J6YuEtwR9A8kdoq0HtI7lW4xIR/xJAAAAILNowqGnlWvPMNQlvBDD+KeBEzq"
    "TUluss3d0CG6ArdsQAAAAAAAAAAAAAAABAAAAAmlkAAAACAAAAARyb290AAAAAAAAAAD//////////wA"
    "AAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmR"
    "pbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnB"
    "lcm1pdC11c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIANcs5B7e3jwRZjSbUYWfu0"
    "+aq+WqgIYo2/7Cy1fuFX/AAAAUwAAAAtzc2gtZWQyNTUxOQAAAECzVczv2SmB8CmgXxL03a3XCyJMN5h"
    "YJHoVPVVblWZVbReNGtdLaPQfCMvBoPfEAwiV9tUTeUr24zuYn7niDjQG";

Change login(const std::string& name) {
  Change out;
  out.name = name;
  out.login = "root";
  out.kind = Kind::password;
  out.hosts = Names{"*"};
  out.password = secret("correct horse");
  return out;
}
Change by_key(const std::string& name) {
  auto out = login(name);
  out.kind = Kind::key;
  out.password.reset();
  out.private_key = secret(private_key);
  return out;
}

struct Bench : inventory::testing::Bench {
  explicit Bench(store::Engine engine) : inventory::testing::Bench(engine) {
    gateway_id = gateway("gw");
    enrol(gateway_id);
    berlin = site("Berlin", {gateway_id}).id;
    bonn = site("Bonn").id;
    web = *hosts::add(context(), ada, {.name = "web-1", .site = berlin})->now;
  }
  Credential credential(const Change& wanted) {
    auto made = add(context(), ada, wanted);
    REQUIRE(made);
    for (const auto& problem : made->problems)
      UNSCOPED_INFO(problem.field << ": " << problem.detail);
    REQUIRE(made->now);
    return std::move(*made->now);
  }
  Result<Destination> go(const access::Actor& actor, const std::string& which = "",
                         const std::string& reason = "") {
    return destination_of(context(), actor, web.id, which, reason);
  }
  std::string gateway_id, berlin, bonn;
  hosts::Host web;
};

Names fields_of(const Changed<Credential>& changed) {
  Names out;
  for (const auto& problem : changed.problems) out.push_back(problem.field);
  return out;
}

TEST_CASE("a credential fits by its site, its patterns and its exclusions", "[credentials]") {
  hosts::Host host;
  host.fields.name = "web-7";
  host.fields.site = "berlin";
  Fields fields;
  fields.hosts = {"db-*", "WEB-*"};

  CHECK(fits(fields, host));
  fields.hosts_except = {"web-7"};
  CHECK_FALSE(fits(fields, host));
  fields.hosts_except = {"web-8"};
  fields.site = "bonn";
  CHECK_FALSE(fits(fields, host));
  fields.site = "berlin";
  CHECK(fits(fields, host));
  fields.hosts = {"db-*"};
  CHECK_FALSE(fits(fields, host));
}

TEST_CASE("each kind has its secrets and no others", "[credentials]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  auto no_secret = login("a");
  no_secret.password.reset();
  auto wrong_kind = login("b");
  wrong_kind.kind = Kind::key;
  auto no_key = by_key("c");
  no_key.private_key = secret("ssh-ed25519 AAAA");
  auto no_certificate = by_key("d");
  no_certificate.kind = Kind::certificate;
  no_certificate.certificate = "ssh-ed25519 AAAA";
  auto nowhere = login("e");
  nowhere.hosts->clear();
  const auto wrong = [&](const Change& change) {
    return fields_of(*add(bench.context(), bench.ada, change));
  };

  CHECK(wrong(no_secret) == Names{"password"});
  CHECK(wrong(wrong_kind) == Names{"password", "private_key"});
  CHECK(wrong(no_key) == Names{"private_key"});
  CHECK(wrong(no_certificate) == Names{"certificate"});
  CHECK(wrong(nowhere) == Names{"hosts"});
  no_certificate.certificate = certificate + " comment";
  CHECK(bench.credential(no_certificate).fields.certificate == certificate);
}

TEST_CASE("a secret stands nowhere in the clear, and only `see` reveals it",
          "[credentials][promise-2][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto made = bench.credential(login("root of all"));
  bench.give("credential", made.id, bench.bob,
             access::Right::use | access::Rights{access::Right::change});
  bench.give("credential", made.id, bench.eve, access::Right::see);

  const auto shown = reveal(bench.context(), bench.eve, made.id, "ticket 7");

  REQUIRE(shown);
  CHECK(text(shown->secrets.password) == "correct horse");
  CHECK(bench.codes("credential").back() == "credential.revealed");
  CHECK(reveal(bench.context(), bench.bob, made.id, "").error().code() == Code::forbidden);
  const auto stranger = bench.person("carl", access::Role::user);
  const auto chief = bench.person("dora", access::Role::administrator);
  CHECK(reveal(bench.context(), stranger, made.id, "").error().code() == Code::not_found);
  CHECK(reveal(bench.context(), chief, made.id, "").error().code() == Code::forbidden);
  const auto rows = *bench.fresh.store().read([](store::Transaction& transaction) {
    return transaction.query("SELECT sealed FROM secrets");
  });
  REQUIRE(rows.size() == 1);
  CHECK(bytes::text(rows[0].bytes(0)).find("correct") == std::string_view::npos);
}

TEST_CASE("a secret that nobody could put into the trail does not leave",
          "[credentials][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto made = bench.credential(login("root"));
  bench.run("ALTER TABLE audit RENAME TO audit_away");

  CHECK_FALSE(reveal(bench.context(), bench.ada, made.id, ""));
  CHECK_FALSE(bench.go(bench.ada));
}

TEST_CASE("a change of the kind leaves no secret of the one before", "[credentials]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  auto wanted = by_key("root");
  wanted.passphrase = secret("opens it");
  const auto made = bench.credential(wanted);
  CHECK(made.fields.has_passphrase);
  Change to_password;
  to_password.kind = Kind::password;

  CHECK(fields_of(*change(bench.context(), bench.ada, made.id, to_password)) == Names{"password"});
  to_password.password = secret("new");
  const auto changed = change(bench.context(), bench.ada, made.id, to_password);

  REQUIRE(changed->now);
  CHECK_FALSE(changed->now->fields.has_passphrase);
  const auto shown = *reveal(bench.context(), bench.ada, made.id, "");
  CHECK(text(shown.secrets.password) == "new");
  CHECK(shown.secrets.private_key.empty());
  CHECK(shown.secrets.passphrase.empty());
}

TEST_CASE("a new private key forgets the passphrase of the old one", "[credentials]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  auto wanted = by_key("root");
  wanted.passphrase = secret("opens it");
  const auto made = bench.credential(wanted);
  Change again;
  again.private_key = secret(private_key);

  const auto changed = change(bench.context(), bench.ada, made.id, again);

  CHECK_FALSE(changed->now->fields.has_passphrase);
  CHECK(reveal(bench.context(), bench.ada, made.id, "")->secrets.passphrase.empty());
}

TEST_CASE("removing a credential removes its secrets and rights", "[credentials]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto made = bench.credential(login("root"));

  REQUIRE(remove(bench.context(), bench.ada, made.id));

  CHECK(bench.text("SELECT field FROM secrets").empty());
  CHECK(bench.text("SELECT object FROM permissions WHERE object_kind = 'credential'").empty());
  CHECK(bench.codes("credential") == Names{"credential.created", "credential.removed"});
}

TEST_CASE("a credential of a site is for who may change that site", "[credentials][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.give("site", bench.berlin, bench.bob, access::Right::change);
  auto here = login("here"), there = login("there"), anywhere = login("anywhere");
  here.site = bench.berlin;
  there.site = bench.bonn;
  const auto context = bench.context();

  CHECK(add(context, bench.bob, here)->now.has_value());
  CHECK(fields_of(*add(context, bench.bob, there)) == Names{"site"});
  CHECK(fields_of(*add(context, bench.bob, anywhere)) == Names{"site"});
  CHECK(add(context, bench.ada, anywhere)->now.has_value());
  CHECK(list(context, bench.bob, {}, "", 10)->size() == 1);
  CHECK(list(context, bench.ada, {}, "", 10)->size() == 2);
  CHECK(list(context, bench.ada, {.part = "ANY"}, "", 10)->size() == 1);
  CHECK(list(context, bench.ada, {.site = bench.berlin}, "", 10)->size() == 1);
}

TEST_CASE("a destination holds the credential opened, and the trail says whose",
          "[credentials][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto made = bench.credential(login("root of web"));
  bench.give("site", bench.berlin, bench.bob, access::Right::use);
  bench.give("credential", made.id, bench.bob, access::Right::use);

  const auto there = bench.go(bench.bob, "", "patching");

  REQUIRE(there);
  REQUIRE_FALSE(there->obstacle);
  CHECK(there->host.fields.address == "web-1");
  CHECK(there->site.fields.name == "Berlin");
  CHECK(there->gateways.front().id == bench.gateway_id);
  CHECK(there->secret.login == "root");
  CHECK(there->secret.kind == "password");
  CHECK(bytes::text(there->secret.password) == "correct horse");
  CHECK(there->secret.private_key.empty());
  const auto last = audit::list(bench.fresh.store(), {}, 0, 1)->front();
  CHECK(last.code == "credential.used");
  CHECK(last.actor.name == "bob");
  CHECK(last.details.back() == std::pair<std::string, std::string>{"reason_given", "patching"});
}

TEST_CASE("who may not use the host or the credential gets nowhere", "[credentials][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto made = bench.credential(login("root"));
  bench.give("host", bench.web.id, bench.bob, access::Right::use);
  bench.give("host", bench.web.id, bench.eve,
             access::Right::see | access::Rights{access::Right::change});
  bench.give("credential", made.id, bench.eve, access::all_rights);
  const auto chief = bench.person("dora", access::Role::administrator);
  const auto carl = bench.person("carl", access::Role::user);

  CHECK(bench.go(bench.bob)->obstacle == Obstacle::no_credential);
  CHECK(bench.go(bench.bob, made.id).error().code() == Code::not_found);
  CHECK(bench.go(bench.eve, made.id).error().code() == Code::forbidden);
  CHECK(bench.go(chief, made.id).error().code() == Code::forbidden);
  CHECK(bench.go(carl).error().code() == Code::not_found);
  bench.give("credential", made.id, bench.bob, access::Right::see);
  CHECK(bench.go(bench.bob, made.id).error().code() == Code::forbidden);
  CHECK(bench.codes("credential.used").empty());
}

TEST_CASE("several credentials that fit are a question", "[credentials]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.credential(login("root"));
  const auto second = bench.credential(login("second"));
  auto elsewhere = login("elsewhere");
  elsewhere.hosts = Names{"db-*"};
  const auto other = bench.credential(elsewhere);

  const auto asked = bench.go(bench.ada);

  CHECK(asked->obstacle == Obstacle::several_credentials);
  CHECK(asked->choices.size() == 2);
  CHECK(asked->secret.password.empty());
  CHECK(bench.go(bench.ada, second.id)->credential.id == second.id);
  CHECK(bench.go(bench.ada, other.id).error().code() == Code::forbidden);
}

TEST_CASE("what stands in the way of a session is said, and opens nothing", "[credentials]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.credential(login("root"));
  const auto site = [&](const sites::Change& change) {
    REQUIRE(sites::change(bench.context(), bench.ada, bench.berlin, change)->now);
  };

  site({.reason_required = true});
  CHECK(bench.go(bench.ada)->obstacle == Obstacle::reason_needed);
  CHECK_FALSE(bench.go(bench.ada, "", "because")->obstacle);
  site({.maintenance = sites::Maintenance{127, 0, 1439}});
  CHECK(bench.go(bench.ada, "", "because")->obstacle == Obstacle::maintenance);
  site({.gateways = Names{}, .maintenance = std::optional<sites::Maintenance>{}});
  CHECK(bench.go(bench.ada, "", "because")->obstacle == Obstacle::no_gateway);
  REQUIRE(
      hosts::change(bench.context(), bench.ada, bench.web.id, {.protocol = hosts::Protocol::rdp}));
  CHECK(bench.go(bench.ada)->obstacle == Obstacle::protocol);
  CHECK(bench.codes("credential.used").size() == 1);
}

TEST_CASE("credentials are imported with their secrets, and changed without them",
          "[credentials]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto import = [&](const std::string& text, inventory::ImportOptions options = {}) {
    return *import_csv(bench.context(), bench.ada, text, options);
  };

  const auto first = import(
      "name,login,kind,hosts,site,password,private_key\nroot,root,password,\"a-*,b-*\",Berlin,"
      "'=secret,\nby key,root,key,*,,,\"" +
      private_key + "\"\n");
  const auto again = import("name,login\nroot,toor\n", {.update = true});
  const auto wrong = import("name,login,kind,hosts\nx,root,password,*\n");

  CHECK(first.problems.empty());
  CHECK(first.created == 2);
  CHECK(again.changed == 1);
  CHECK(wrong.problems.front().field == "password");
  const auto id = bench.id_of("credential", "root");
  const auto shown = *reveal(bench.context(), bench.ada, id, "");
  CHECK(shown.credential.fields.login == "toor");
  CHECK(shown.credential.fields.hosts == Names{"a-*", "b-*"});
  CHECK(shown.credential.site_name == "Berlin");
  CHECK(text(shown.secrets.password) == "=secret");
  const auto key = *reveal(bench.context(), bench.ada, bench.id_of("credential", "by key"), "");
  CHECK(text(key.secrets.private_key) == private_key);
}

}  // namespace
}  // namespace sp::credentials
