#pragma once
// A core with an administrator (ada), two users (bob, eve), and what the tests of sites, hosts and
// credentials add to it. For tests alone.

#include <memory>
#include <string>
#include <vector>

#include "base/testing/catch.h"
#include "core/audit/testing/audited_store.h"
#include "core/edges/edge.h"
#include "core/inventory/parts.h"
#include "core/sites/site.h"

namespace sp::inventory::testing {

struct Bench : audit::testing::AuditedStore {
  explicit Bench(store::Engine engine) : AuditedStore(engine) {
    ada = person("ada", access::Role::administrator);
    bob = person("bob", access::Role::user);
    eve = person("eve", access::Role::user);
  }

  Context context() { return {fresh.store(), *keyring, *audit, clock, random}; }
  access::Actor person(const std::string& login, access::Role role) {
    access::Actor actor;
    actor.kind = access::Actor::Kind::person;
    actor.person = login + "-id";
    actor.login = login;
    actor.role = role;
    run("INSERT INTO people (id, login, name, role, password, disabled, must_change_password, "
        "created_at) VALUES ('" +
        actor.person + "', '" + login + "', '', '" + std::string{access::name(role)} +
        "', '', 0, 0, 0)");
    return actor;
  }
  void run(const std::string& sql) {
    REQUIRE(fresh.store().write(
        [&](store::Transaction& transaction) { return transaction.script(sql); }));
  }
  std::string text(const std::string& sql) {
    return *fresh.store().read([&](store::Transaction& transaction) -> Result<std::string> {
      const auto row = TRY(transaction.one(sql));
      return row ? row->text(0) : std::string{};
    });
  }
  std::string id_of(const std::string& kind, const std::string& name) {
    return text("SELECT id FROM " + kind + "s WHERE name = '" + name + "'");
  }
  // The trail's codes of one kind, the oldest first.
  std::vector<std::string> codes(const std::string& kind) {
    std::vector<std::string> out;
    const auto records = audit::list_from(fresh.store(), {.code = kind}, 0, 100);
    for (const auto& record : *records) out.push_back(record.code);
    return out;
  }
  void give(const std::string& kind, const std::string& object, const access::Actor& to,
            access::Rights rights) {
    const auto flag = [&](access::Right right) { return rights.has(right) ? ", 1" : ", 0"; };
    run("INSERT INTO permissions (object_kind, object, person, may_use, may_see, may_change, "
        "until, given_by, given_at) VALUES ('" +
        kind + "', '" + object + "', '" + to.person + "'" + flag(access::Right::use) +
        flag(access::Right::see) + flag(access::Right::change) + ", NULL, '', 0)");
  }
  std::string gateway(const std::string& name) { return edge(name, "gateway"); }
  std::string portal(const std::string& name) { return edge(name, "selfdestruct"); }
  std::string edge(const std::string& name, const std::string& kind) {
    const auto permit = access::authorise(ada, access::Action::edges_write);
    const edges::Context edges{fresh.store(), *keyring, *audit, clock, random};
    return edges::add(edges, *permit,
                      {name, kind, "https://" + name + ".test", "https://127.0.0.1:1"})
        ->edge.id;
  }
  void enrol(const std::string& gateway) {
    run("UPDATE edges SET state = 'enrolled' WHERE id = '" + gateway + "'");
  }
  sites::Site site(const std::string& name, std::vector<std::string> gateways = {}) {
    const auto permit = access::authorise(ada, access::Action::sites_write);
    auto made = sites::add(context(), *permit, {.name = name, .gateways = std::move(gateways)});
    REQUIRE(made);
    REQUIRE(made->now);
    return std::move(*made->now);
  }

  access::Actor ada, bob, eve;
};

}  // namespace sp::inventory::testing
