#include "certs/advise/advise.h"

#include "base/testing/catch.h"

namespace sp::certs {
namespace {

struct Row {
  const char* who;
  Situation situation;
  Kind kind;
  Wildcard wildcard;
};

Situation with(bool outside, bool unmanaged, bool domain, bool internal_ca, bool few,
               unsigned servers, unsigned sites) {
  return {outside, unmanaged, domain, internal_ca, few, servers, sites, {}};
}

TEST_CASE("who comes from where decides the kind", "[certs]") {
  const auto row =
      GENERATE(Row{"small office", with(false, false, false, false, true, 0, 0), Kind::self_signed,
                   Wildcard::no},
               Row{"small office with a domain", with(false, false, true, false, true, 0, 0),
                   Kind::self_signed, Wildcard::no},
               Row{"domain with AD CS", with(false, false, true, true, false, 0, 0), Kind::internal,
                   Wildcard::no},
               Row{"domain with AD CS, few users", with(false, false, true, true, true, 0, 0),
                   Kind::internal, Wildcard::no},
               Row{"own CA without a domain", with(false, false, false, true, true, 0, 0),
                   Kind::internal, Wildcard::no},
               Row{"many machines, no CA", with(false, false, true, false, false, 0, 0),
                   Kind::internal, Wildcard::no},
               Row{"people from outside", with(true, false, true, true, false, 0, 0), Kind::online,
                   Wildcard::no},
               Row{"phones in no domain", with(false, true, true, true, true, 0, 0), Kind::online,
                   Wildcard::no},
               Row{"one more server", with(false, false, true, true, false, 1, 0), Kind::online,
                   Wildcard::no},
               Row{"portal, gateway and app server", with(false, false, true, true, false, 3, 0),
                   Kind::online, Wildcard::useful},
               Row{"one remote site", with(false, false, true, true, false, 0, 1), Kind::online,
                   Wildcard::useful},
               Row{"provider with many clients", with(true, true, true, true, false, 3, 12),
                   Kind::online, Wildcard::required});
  INFO(row.who);

  const auto advice = advise(row.situation);

  CHECK(name(advice.kind) == name(row.kind));
  CHECK(name(advice.wildcard) == name(row.wildcard));
  CHECK(!advice.reasons.empty());
  CHECK(!advice.commands.empty());
}

TEST_CASE("a public authority is told of names that it cannot sign", "[certs]") {
  Situation is;
  is.from_outside = true;
  is.hosts = {*Host::parse("portal.internal"), *Host::parse("10.0.0.1"), *Host::parse("core"),
              *Host::parse("portal.sallyport.org")};

  const auto advice = advise(is);

  REQUIRE(advice.problems.size() == 3);
  CHECK(advice.problems[0].starts_with("no public authority signs for portal.internal"));
}

TEST_CASE("the commands carry the names and the wildcard", "[certs]") {
  Situation is = with(false, false, true, true, false, 0, 0);
  is.hosts = {*Host::parse("vault.corp.sallyport.org")};

  const auto advice = advise(is);

  CHECK(advice.commands.front() ==
        "sallyport-certs csr --out DIR --url https://vault.corp.sallyport.org --for adcs "
        "--template WebServer");
}

TEST_CASE("every kind is compared", "[certs]") {
  REQUIRE(comparisons().size() == 3);
  for (const auto& one : comparisons())
    CHECK((!one.advantages.empty() && !one.disadvantages.empty()));
}

}  // namespace
}  // namespace sp::certs
