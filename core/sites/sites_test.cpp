#include "base/testing/catch.h"
#include "core/inventory/testing/bench.h"
#include "core/sites/site.h"

namespace sp::sites {
namespace {

using inventory::testing::Bench;

Fields with(const Maintenance& window) {
  Fields fields{.name = "x"};
  fields.maintenance = window;
  return fields;
}
// 2027-01-15 is a Friday.
Instant friday(const std::string& time) {
  return *parse_rfc3339("2027-01-15T" + time + ":00Z");
}
Instant saturday(const std::string& time) {
  return *parse_rfc3339("2027-01-16T" + time + ":00Z");
}

TEST_CASE("a maintenance window within a day", "[sites]") {
  const auto site = with({0b0010000, 60, 120});  // Friday, 01:00 to 02:00

  CHECK_FALSE(in_maintenance(site, friday("00:59")));
  CHECK(in_maintenance(site, friday("01:00")));
  CHECK(in_maintenance(site, friday("01:59")));
  CHECK_FALSE(in_maintenance(site, friday("02:00")));
  CHECK_FALSE(in_maintenance(site, saturday("01:30")));
  CHECK_FALSE(in_maintenance(Fields{.name = "x"}, friday("01:30")));
}

TEST_CASE("a maintenance window past midnight belongs to the day on which it began", "[sites]") {
  const auto site = with({0b0010000, 22 * 60, 120});  // Friday, 22:00 to 02:00

  CHECK_FALSE(in_maintenance(site, friday("01:00")));
  CHECK(in_maintenance(site, friday("22:00")));
  CHECK(in_maintenance(site, saturday("01:59")));
  CHECK_FALSE(in_maintenance(site, saturday("02:00")));
  CHECK_FALSE(in_maintenance(site, saturday("22:30")));
}

TEST_CASE("a site is added, found, changed and removed, and the trail says so", "[sites]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto made = bench.site("Berlin", {bench.gateway("gw-berlin")});

  const auto changed = change(bench.context(), bench.ada, made.id,
                              {.networks = {{"10.0.0.0/8"}}, .idle_minutes = 5}, 1);

  REQUIRE(changed);
  REQUIRE(changed->now);
  CHECK(changed->now->revision == 2);
  const auto found = find(bench.context(), bench.ada, made.id);
  CHECK(found->fields.networks == std::vector<std::string>{"10.0.0.0/8"});
  CHECK(found->fields.idle == std::chrono::minutes{5});
  CHECK(found->fields.gateways.size() == 1);
  CHECK(remove(bench.context(), bench.ada, made.id).error().code() == Code::conflict);
  REQUIRE(change(bench.context(), bench.ada, made.id, {.gateways = std::vector<std::string>{}}));
  REQUIRE(remove(bench.context(), bench.ada, made.id));
  CHECK(find(bench.context(), bench.ada, made.id).error().code() == Code::not_found);
  CHECK(bench.codes("site") ==
        std::vector<std::string>{"site.created", "site.changed", "site.changed", "site.removed"});
}

TEST_CASE("a name is taken whatever its case, and an older revision is refused", "[sites]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.site("Berlin");
  const auto bonn = bench.site("Bonn");

  const auto twin = change(bench.context(), bench.ada, bonn.id, {.name = "BERLIN"});
  const auto late = change(bench.context(), bench.ada, bonn.id, {.name = "Cologne"}, 0);

  CHECK(twin->code == Code::conflict);
  CHECK(twin->problems.front().field == "name");
  CHECK(late->code == Code::conflict);
  CHECK(late->problems.front().field == "revision");
}

TEST_CASE("a gateway belongs to one site, and an edge of another kind to none", "[sites]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto gateway = bench.gateway("gw");
  bench.site("Berlin", {gateway});
  const auto bonn = bench.site("Bonn");

  const auto portal = bench.portal("dmz");
  const auto other = GENERATE_COPY(as<std::string>{}, gateway, portal, "none");
  const auto wrong = change(bench.context(), bench.ada, bonn.id, {.gateways = {{other}}});

  CHECK_FALSE(wrong->now);
  CHECK(wrong->problems.front().field == "gateways");
}

TEST_CASE("who may change a site changes anything of it but its gateways", "[sites][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto berlin = bench.site("Berlin");
  bench.give("site", berlin.id, bench.bob, access::Right::change);

  const auto notes = change(bench.context(), bench.bob, berlin.id, {.notes = "x"});
  const auto doors = change(bench.context(), bench.bob, berlin.id,
                            {.gateways = std::vector<std::string>{bench.gateway("gw")}});

  CHECK(notes->now.has_value());
  CHECK(doors->problems.front().field == "gateways");
}

TEST_CASE("what is wrong with a site is named", "[sites]") {
  Fields fields{.name = ""};
  fields.networks = {"10.0.0.1/8"};
  fields.idle = std::chrono::minutes{0};
  fields.record = false;
  fields.record_input = true;
  fields.maintenance = Maintenance{0, 5, 5};

  std::vector<std::string> named;
  for (const auto& problem : problems(fields)) named.push_back(problem.field);

  CHECK(named == std::vector<std::string>{"name", "networks", "maintenance.days", "maintenance.to",
                                          "idle_minutes", "record_input"});
}

TEST_CASE("a person sees the sites that rights were given on, page by page", "[sites][promise-8]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  for (const auto* name : {"Aachen", "Berlin", "Cologne", "Dresden"}) bench.site(name);
  bench.give("site", bench.id_of("site", "Berlin"), bench.bob, access::Right::use);
  bench.give("site", bench.id_of("site", "Dresden"), bench.bob, access::Right::see);

  const auto first = *list(bench.context(), bench.bob, "", "", 1);
  const auto rest = *list(bench.context(), bench.bob, "", key_of(first.back()), 5);

  REQUIRE(first.size() == 1);
  CHECK(first[0].fields.name == "Berlin");
  CHECK(first[0].rights == access::Right::use);
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].fields.name == "Dresden");
  CHECK(list(bench.context(), bench.ada, "", "", 10)->size() == 4);
  CHECK(list(bench.context(), bench.ada, "LOG", "", 10)->size() == 1);
  CHECK(find(bench.context(), bench.bob, bench.id_of("site", "Aachen")).error().code() ==
        Code::not_found);
  CHECK(change(bench.context(), bench.bob, first[0].id, {.notes = "x"}).error().code() ==
        Code::forbidden);
}

}  // namespace
}  // namespace sp::sites
