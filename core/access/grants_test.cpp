#include "core/access/grants.h"

#include "base/testing/catch.h"
#include "core/store/testing/fresh_store.h"

namespace sp::access {
namespace {

const Instant now = from_millis(1'800'000'000'000);

Actor person(const std::string& id) {
  Actor actor;
  actor.kind = Actor::Kind::person;
  actor.person = id;
  return actor;
}

struct Bench {
  explicit Bench(store::Engine engine) : fresh(engine) {
    for (const auto* id : {"ada", "bob"})
      run("INSERT INTO people (id, login, name, role, password, disabled, must_change_password, "
          "created_at) VALUES ('" +
          std::string{id} + "', '" + id + "', '', 'user', '', 0, 0, 0)");
  }
  void run(const std::string& sql) {
    REQUIRE(fresh.store().write(
        [&](store::Transaction& transaction) { return transaction.script(sql); }));
  }
  void give(const std::string& kind, const std::string& object, const std::string& bits,
            const std::string& until = "NULL") {
    run("INSERT INTO permissions (object_kind, object, person, may_use, may_see, may_change, "
        "until, given_by, given_at) VALUES ('" +
        kind + "', '" + object + "', 'ada', " + bits + ", " + until + ", '', 0)");
  }
  Rights rights(const std::string& who, const Guarded& guarded) {
    return *fresh.store().read([&](store::Transaction& transaction) {
      return rights_of(transaction, person(who), guarded, now);
    });
  }
  store::testing::FreshStore fresh;
};

TEST_CASE("rights are those of the object and of its site, of this person alone",
          "[access][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.give("host", "h", "1, 0, 0");
  bench.give("site", "s", "0, 0, 1");

  CHECK(bench.rights("ada", {"host", "h", "s"}) == (Right::use | Rights{Right::change}));
  CHECK(bench.rights("ada", {"host", "other", "s"}) == Right::change);
  CHECK(bench.rights("ada", {"host", "h", "t"}) == Right::use);
  CHECK(bench.rights("ada", {"host", "", "s"}) == Right::change);
  CHECK(bench.rights("ada", {"site", "s", ""}) == Right::change);
  CHECK_FALSE(bench.rights("ada", {"credential", "h", ""}).any());
  CHECK_FALSE(bench.rights("ada", {"site", "h", ""}).any());
  CHECK_FALSE(bench.rights("bob", {"host", "h", "s"}).any());
}

TEST_CASE("`see` on a site shows no secret of its credentials", "[access][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.give("site", "s", "1, 1, 0");
  bench.give("credential", "own", "0, 1, 0");

  CHECK(bench.rights("ada", {"credential", "c", "s"}) == Right::use);
  CHECK(bench.rights("ada", {"host", "h", "s"}) == (Right::use | Rights{Right::see}));
  CHECK(bench.rights("ada", {"credential", "own", "s"}) == (Right::use | Rights{Right::see}));
}

TEST_CASE("a right ends at its time", "[access][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.give("host", "past", "1, 1, 1", std::to_string(to_millis(now)));
  bench.give("host", "yet", "1, 0, 0", std::to_string(to_millis(now) + 1));

  CHECK_FALSE(bench.rights("ada", {"host", "past", ""}).any());
  CHECK(bench.rights("ada", {"host", "yet", ""}) == Right::use);
}

}  // namespace
}  // namespace sp::access
