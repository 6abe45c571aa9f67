#pragma once
// A database with two edges behind one name, for the tests of orders.

#include <memory>
#include <string>
#include <vector>

#include "base/testing/catch.h"
#include "core/audit/testing/audited_store.h"
#include "core/edges/edge.h"
#include "core/orders/internal/rows.h"
#include "core/orders/traffic.h"

namespace sp::orders {

struct Bench : audit::testing::AuditedStore {
  explicit Bench(store::Engine engine) : AuditedStore(engine) {
    traffic = std::make_unique<OrderTraffic>(context(), bell);
    a = add_edge("dmz-a");
    b = add_edge("dmz-b");
  }
  Context context() { return {fresh.store(), *keyring, *audit, clock, random}; }
  access::Permit permit(access::Action action) { return *access::authorise(actor, action); }
  std::string add_edge(const std::string& name) {
    return edges::add(context(), permit(access::Action::edges_write),
                      {name, "selfdestruct", "https://portal.test", "https://127.0.0.1:1"})
        ->edge.id;
  }

  static NewOrder wanted(std::vector<std::string> edges = {}) {
    NewOrder out;
    out.names = {"portal.test"};
    out.edges = std::move(edges);
    out.ca.directory = "https://ca.test/directory";
    return out;
  }
  Added add(const NewOrder& order) {
    auto added = orders::add(context(), permit(access::Action::edges_write), order);
    REQUIRE(added);
    return *added;
  }
  Leaf leaf(const std::string& order, const std::string& edge) {
    const auto found = fresh.store().read(
        [&](store::Transaction& transaction) { return rows::leaf(transaction, order, edge); });
    REQUIRE(found);
    REQUIRE(found->has_value());
    return **found;
  }
  void save(const Leaf& leaf) {
    REQUIRE(fresh.store().write(
        [&](store::Transaction& transaction) { return rows::save(transaction, leaf); }));
  }
  /// The kinds that wait for an edge, in their order.
  std::vector<std::string> waiting(const std::string& edge) {
    return *fresh.store().read(
        [&](store::Transaction& transaction) -> Result<std::vector<std::string>> {
          std::vector<std::string> out;
          for (const auto& row :
               TRY(transaction.query("SELECT kind FROM outbox WHERE edge = $1 ORDER BY seq", edge)))
            out.push_back(row.text(0));
          return out;
        });
  }
  template <class Body>
  void happened(const std::string& edge, std::string_view kind, const Body& body) {
    pushpull::Event event;
    event.seq = 1;
    event.kind = kind;
    event.body = pushpull::encode(body);
    REQUIRE(fresh.store().write([&](store::Transaction& transaction) {
      return traffic->happened(transaction, edge, event);
    }));
  }
  void settled(const std::string& edge, std::vector<pushpull::Refused> refused = {}) {
    REQUIRE(fresh.store().write([&](store::Transaction& transaction) {
      return traffic->settled(transaction, edge, 1, 1'000, refused);
    }));
  }

  Bell bell;
  access::Actor actor = access::system_actor();
  std::unique_ptr<OrderTraffic> traffic;
  std::string a, b;
};

}  // namespace sp::orders
