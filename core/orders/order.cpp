#include "core/orders/order.h"

#include <algorithm>

#include "base/random/id.h"
#include "base/tls/certificate.h"
#include "certs/acme/folder.h"
#include "core/orders/internal/check.h"
#include "core/orders/internal/life.h"
#include "core/orders/internal/rows.h"

namespace sp::orders {
namespace {

Order order_of(const Context& context, const NewOrder& wanted) {
  return {bytes::base64url(random_id(context.random)), context.clock.now(), wanted.names, wanted.ca,
          wanted.proof};
}

rows::Sealed seal(const Context& context, const Order& order, const NewOrder& wanted) {
  rows::Sealed out;
  if (wanted.external_key)
    out.external_key = context.keyring.seal({"certificate_orders", order.id, "external_key"},
                                            wanted.external_key->expose());
  if (wanted.dns_key)
    out.dns_key =
        context.keyring.seal({"certificate_orders", order.id, "dns_key"}, wanted.dns_key->expose());
  return out;
}

Outcome add_leaf(const Context& context, store::Transaction& transaction, const Order& order,
                 const edges::Edge& edge) {
  Leaf leaf;
  leaf.order = order.id;
  leaf.edge = edge.id;
  renumber(leaf, context.random);
  TRY(begin(context, transaction, leaf, order.names));
  return rows::insert(transaction, leaf);
}

LeafView view_of(const Leaf& leaf, const std::vector<edges::Edge>& known) {
  LeafView out{leaf.edge,     "", leaf.state,        leaf.since, leaf.problem,
               leaf.failures, {}, leaf.installed_at, {},         {}};
  const auto edge = std::ranges::find(known, leaf.edge, &edges::Edge::id);
  if (edge != known.end()) out.edge_name = edge->name;
  if (leaf.state == State::failed) out.next = leaf.look_at;
  if (const auto plan = acme::decode_plan(leaf.plan); leaf.state == State::installed && plan)
    out.next = plan->due;
  const auto shown = tls::parse_certificate(leaf.chain);
  if (!shown) return out;
  const auto facts = tls::facts(**shown);
  out.issuer = facts.issuer;
  out.not_after = facts.not_after;
  return out;
}

Result<OrderView> view_of(store::Transaction& transaction, Order order,
                          const std::vector<edges::Edge>& known) {
  OrderView out{std::move(order), State::installed, {}};
  for (const auto& leaf : TRY(rows::leaves(transaction, out.order.id))) {
    out.state = worse(out.state, leaf.state);
    out.leaves.push_back(view_of(leaf, known));
  }
  return out;
}

// A new number for what was installed: its renewal has a key of its own. What failed goes on with
// its key, so that an order which the CA has half done can be finished.
Outcome begin_again(const Context& context, store::Transaction& transaction, const Order& order,
                    Leaf& leaf) {
  if (leaf.state == State::installed) renumber(leaf, context.random);
  TRY(begin(context, transaction, leaf, order.names));
  return rows::save(transaction, leaf);
}

audit::Entry changed(std::string how, const Order& order, const access::Permit& permit) {
  auto entry = entry_of(audit::Event::settings_changed, order, access::who(permit.actor()));
  entry.source = permit.actor().source;
  entry.details = {{audit::Detail::fields, std::move(how)}};
  return entry;
}

bool is_tried(State state, Which which) {
  return state == State::failed || (which == Which::at_rest && state == State::installed);
}

}  // namespace

Result<Added> add(const Context& context, const access::Permit& permit, const NewOrder& wanted) {
  permit.expect(access::Action::edges_write);
  Added out;
  out.problems = problems(wanted);
  if (!out.problems.empty()) return out;
  const auto known = TRY(edges::list(context.store));
  const auto edges = chosen(wanted, known, out.problems);
  if (!out.problems.empty()) return out;

  const auto order = order_of(context, wanted);
  const auto sealed = seal(context, order, wanted);
  auto written = context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(rows::insert(transaction, order, sealed));
    for (const auto& edge : edges) TRY(add_leaf(context, transaction, order, edge));
    return context.audit.append(transaction, changed("added", order, permit));
  });
  TRY(std::move(written));
  out.id = order.id;
  for (const auto& edge : edges) out.to_wake.push_back(edge.id);
  return out;
}

Result<std::vector<OrderView>> list(store::Store& store) {
  const auto known = TRY(edges::list(store));
  return store.read([&](store::Transaction& transaction) -> Result<std::vector<OrderView>> {
    std::vector<OrderView> out;
    for (auto& order : TRY(rows::all(transaction)))
      out.push_back(TRY(view_of(transaction, std::move(order), known)));
    return out;
  });
}

Result<OrderView> find(store::Store& store, std::string_view id) {
  const auto known = TRY(edges::list(store));
  return store.read([&](store::Transaction& transaction) -> Result<OrderView> {
    auto order = TRY(rows::find(transaction, id));
    if (!order) return Error{Code::not_found, "certificate order: unknown"};
    return view_of(transaction, *std::move(order), known);
  });
}

Result<std::vector<Shown>> shown(store::Store& store) {
  return store.read([&](store::Transaction& transaction) -> Result<std::vector<Shown>> {
    std::vector<Shown> out;
    for (const auto& leaf : TRY(rows::all_leaves(transaction)))
      if (const auto chain = tls::parse_certificate(leaf.chain); chain && leaf.installed_at)
        out.push_back({leaf.edge, tls::facts(**chain).fingerprint});
    return out;
  });
}

Result<std::vector<std::string>> retry(const Context& context, const access::Permit& permit,
                                       std::string_view id, Which which) {
  permit.expect(access::Action::edges_write);
  return context.store.write(
      [&](store::Transaction& transaction) -> Result<std::vector<std::string>> {
        TRY(hold(transaction, id));
        const auto order = TRY(rows::find(transaction, id));
        if (!order) return Error{Code::not_found, "certificate order: unknown"};
        std::vector<std::string> to_wake;
        for (auto& leaf : TRY(rows::leaves(transaction, id))) {
          if (!is_tried(leaf.state, which)) continue;
          TRY(begin_again(context, transaction, *order, leaf));
          to_wake.push_back(leaf.edge);
        }
        if (to_wake.empty()) return Error{Code::conflict, "certificate order: nothing at rest"};
        TRY(context.audit.append(transaction, changed("retried", *order, permit)));
        return to_wake;
      });
}

Outcome remove(const Context& context, const access::Permit& permit, std::string_view id) {
  permit.expect(access::Action::edges_write);
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(hold(transaction, id));
    const auto order = TRY(rows::find(transaction, id));
    if (!order) return Error{Code::not_found, "certificate order: unknown"};
    TRY(rows::erase(transaction, id));
    return context.audit.append(transaction, changed("removed", *order, permit));
  });
}

}  // namespace sp::orders
