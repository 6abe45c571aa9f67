#include "core/orders/order.h"

#include "core/orders/internal/check.h"
#include "core/orders/internal/life.h"
#include "core/orders/orders_fixture.h"

namespace sp::orders {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

std::string refused_member(const NewOrder& order) {
  const auto found = problems(order);
  return found.empty() ? "" : found.front().field;
}

NewOrder by_dns() {
  auto out = Bench::wanted();
  out.proof.kind = acme::ChallengeKind::dns_01;
  out.names = {"*.portal.test"};
  return out;
}

TEST_CASE("an order asks every edge behind its names for a request", "[orders]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};

  const auto added = bench.add(Bench::wanted());

  CHECK(added.to_wake.size() == 2);
  CHECK(bench.waiting(bench.a) == std::vector<std::string>{"certificate.request"});
  CHECK(bench.waiting(bench.b) == std::vector<std::string>{"certificate.request"});
  CHECK(bench.leaf(added.id, bench.a).wire != bench.leaf(added.id, bench.b).wire);
  const auto view = find(bench.fresh.store(), added.id);
  REQUIRE(view);
  CHECK(view->state == State::requesting);
  CHECK(view->leaves.size() == 2);
  CHECK(list(bench.fresh.store())->size() == 1);
}

TEST_CASE("an order may be for one of several edges", "[orders]") {
  Bench bench{store::Engine::sqlite};

  const auto added = bench.add(Bench::wanted({"dmz-b"}));

  CHECK(added.to_wake == std::vector<std::string>{bench.b});
}

TEST_CASE("what an edge would refuse is not ordered", "[orders]") {
  Bench bench{store::Engine::sqlite};
  auto other = Bench::wanted({"dmz-a"});
  other.names = {"www.test"};
  auto nobody = Bench::wanted();
  nobody.names = {"www.test"};

  CHECK(bench.add(other).problems.front().field == "names");
  CHECK(bench.add(nobody).problems.front().field == "names");
  CHECK(bench.add(Bench::wanted({"dmz-c"})).problems.front().field == "edges");
  CHECK(list(bench.fresh.store())->empty());
}

TEST_CASE("what makes no sense is refused with the member's name", "[orders]") {
  auto wildcard = Bench::wanted(), upper = Bench::wanted(), plain = Bench::wanted(),
       half = Bench::wanted(), roots = Bench::wanted(), stray = Bench::wanted(),
       contact = Bench::wanted();
  wildcard.names = {"*.portal.test"};
  upper.names = {"Portal.test"};
  plain.ca.directory = "http://ca.test";
  half.ca.external_id = "kid-1";
  roots.ca.roots = "no certificate";
  stray.proof.hook = "dns";
  contact.ca.contact = "ops";

  CHECK(refused_member(Bench::wanted()).empty());
  CHECK(refused_member(wildcard) == "names");
  CHECK(refused_member(upper) == "names");
  CHECK(refused_member(plain) == "directory");
  CHECK(refused_member(half) == "external_key");
  CHECK(refused_member(roots) == "ca_roots");
  CHECK(refused_member(stray) == "challenge");
  CHECK(refused_member(contact) == "contact");
}

TEST_CASE("dns-01 goes by a name server or by a program of the core's folder", "[orders]") {
  auto neither = by_dns(), server = by_dns(), keyless = by_dns(), hook = by_dns(),
       elsewhere = by_dns();
  server.proof.name_server = keyless.proof.name_server = "192.0.2.53";
  server.dns_key = Secret::copy_of(bytes::of("acme:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
  hook.proof.hook = "dns.sh";
  elsewhere.proof.hook = "../../bin/sh";

  CHECK(refused_member(neither) == "name_server");
  CHECK(refused_member(server).empty());
  CHECK(refused_member(keyless) == "dns_key");
  CHECK(refused_member(hook).empty());
  CHECK(refused_member(elsewhere) == "hook");
}

TEST_CASE("only what is at rest is tried again", "[orders]") {
  Bench bench{store::Engine::sqlite};
  const auto order = bench.add(Bench::wanted({"dmz-a"})).id;
  const auto permit = bench.permit(access::Action::edges_write);

  CHECK(retry(bench.context(), permit, order, Which::at_rest).error().code() == Code::conflict);
  auto leaf = bench.leaf(order, bench.a);
  fail(leaf, "no", bench.clock.now());
  bench.save(leaf);
  const auto tried = retry(bench.context(), permit, order, Which::failed);

  REQUIRE(tried);
  CHECK(*tried == std::vector<std::string>{bench.a});
  CHECK(bench.leaf(order, bench.a).state == State::requesting);
  CHECK(bench.leaf(order, bench.a).wire == leaf.wire);
  CHECK(bench.waiting(bench.a).size() == 2);
}

TEST_CASE("a removed order is gone with its leaves", "[orders]") {
  Bench bench{store::Engine::sqlite};
  const auto order = bench.add(Bench::wanted()).id;
  const auto permit = bench.permit(access::Action::edges_write);

  REQUIRE(remove(bench.context(), permit, order));

  CHECK(find(bench.fresh.store(), order).error().code() == Code::not_found);
  CHECK(remove(bench.context(), permit, order).error().code() == Code::not_found);
  CHECK(list(bench.fresh.store())->empty());
}

TEST_CASE("the pause grows, ends before the certificate does, and heeds the CA", "[orders]") {
  CHECK(pause_after(1, days{60}, 0ms) == 10min);
  CHECK(pause_after(2, days{60}, 0ms) == 20min);
  CHECK(pause_after(40, days{60}, 0ms) == 24h);
  CHECK(pause_after(40, 6h, 0ms) == 2h);
  CHECK(pause_after(40, -1h, 0ms) == 10min);
  CHECK(pause_after(1, days{60}, 72h) == 72h);
}

}  // namespace
}  // namespace sp::orders
