#include "core/orders/internal/rows.h"

#include <algorithm>

#include "base/bytes/bytes.h"

namespace sp::orders::rows {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}
std::vector<std::string> split(std::string_view lines) {
  std::vector<std::string> out;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    out.emplace_back(lines.substr(0, end));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  return out;
}

std::string_view text_of(acme::ChallengeKind kind) {
  return kind == acme::ChallengeKind::http_01 ? "http-01" : "dns-01";
}

const std::string order_columns =
    "id, created_at, names, directory, ca_roots, contact, profile, external_id, challenge, "
    "name_server, zone, seen_by, hook";

Order order_of(const store::Row& row) {
  Order out;
  out.id = row.text(0);
  out.created_at = row.time(1);
  out.names = split(row.text(2));
  out.ca = {row.text(3), row.text(4), row.text(5), row.text(6), row.text(7)};
  out.proof.kind =
      row.text(8) == "http-01" ? acme::ChallengeKind::http_01 : acme::ChallengeKind::dns_01;
  out.proof.name_server = row.text(9);
  out.proof.zone = row.text(10);
  out.proof.seen_by = split(row.text(11));
  out.proof.hook = row.text(12);
  return out;
}

const std::string leaf_columns =
    "order_id, edge, state, since, look_at, wire, seq, csr, pending, chain, plan, problem, "
    "failures, told, installed_at";

Result<Leaf> leaf_of(const store::Row& row) {
  Leaf out;
  out.order = row.text(0);
  out.edge = row.text(1);
  const auto state = state_named(row.text(2));
  if (!state) return Error{Code::corrupt, "certificate_leaves: state"};
  out.state = *state;
  out.since = row.time(3);
  out.look_at = row.maybe_time(4);
  const auto wire = row.bytes(5);
  bytes::Reader reader{wire};
  out.wire = TRY(reader.array<16>());
  out.seq = row.integer(6);
  out.csr = row.bytes(7);
  out.pending = row.text(8);
  out.chain = row.text(9);
  out.plan = row.text(10);
  out.problem = row.text(11);
  out.failures = static_cast<unsigned>(row.integer(12));
  out.told = row.flag(13);
  out.installed_at = row.maybe_time(14);
  return out;
}

template <class... Values>
Result<std::vector<Leaf>> leaves_where(store::Transaction& transaction, const std::string& where,
                                       const Values&... values) {
  const auto rows = TRY(transaction.query(
      "SELECT " + leaf_columns + " FROM certificate_leaves WHERE " + where, values...));
  std::vector<Leaf> out;
  for (const auto& row : rows) out.push_back(TRY(leaf_of(row)));
  return out;
}

std::optional<Leaf> first_of(std::vector<Leaf> leaves) {
  if (leaves.empty()) return std::nullopt;
  return std::move(leaves.front());
}

}  // namespace

Outcome insert(store::Transaction& transaction, const Order& order, const Sealed& sealed) {
  TRY(transaction.run(
      "INSERT INTO certificate_orders (" + order_columns +
          ", external_key, dns_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
          "$13, $14, $15)",
      order.id, order.created_at, joined(order.names), order.ca.directory, order.ca.roots,
      order.ca.contact, order.ca.profile, order.ca.external_id, text_of(order.proof.kind),
      order.proof.name_server, order.proof.zone, joined(order.proof.seen_by), order.proof.hook,
      sealed.external_key, sealed.dns_key));
  return {};
}

Result<std::vector<Order>> all(store::Transaction& transaction) {
  const auto rows = TRY(transaction.query("SELECT " + order_columns +
                                          " FROM certificate_orders ORDER BY created_at, id"));
  std::vector<Order> out;
  std::ranges::transform(rows, std::back_inserter(out), order_of);
  return out;
}

Result<std::optional<Order>> find(store::Transaction& transaction, std::string_view id) {
  const auto row = TRY(
      transaction.one("SELECT " + order_columns + " FROM certificate_orders WHERE id = $1", id));
  if (!row) return std::optional<Order>{};
  return std::optional{order_of(*row)};
}

Outcome erase(store::Transaction& transaction, std::string_view id) {
  TRY(transaction.run("DELETE FROM certificate_tokens WHERE order_id = $1", id));
  TRY(transaction.run("DELETE FROM certificate_leaves WHERE order_id = $1", id));
  TRY(transaction.run("DELETE FROM certificate_orders WHERE id = $1", id));
  return {};
}

Outcome insert(store::Transaction& transaction, const Leaf& leaf) {
  TRY(transaction.run(
      "INSERT INTO certificate_leaves (" + leaf_columns +
          ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
      leaf.order, leaf.edge, name(leaf.state), leaf.since, leaf.look_at, leaf.wire, leaf.seq,
      leaf.csr, leaf.pending, leaf.chain, leaf.plan, leaf.problem, leaf.failures, leaf.told ? 1 : 0,
      leaf.installed_at));
  return {};
}

Outcome save(store::Transaction& transaction, const Leaf& leaf) {
  TRY(transaction.run(
      "UPDATE certificate_leaves SET state = $3, since = $4, look_at = $5, wire = $6, seq = $7, "
      "csr = $8, pending = $9, chain = $10, plan = $11, problem = $12, failures = $13, told = $14, "
      "installed_at = $15 WHERE order_id = $1 AND edge = $2",
      leaf.order, leaf.edge, name(leaf.state), leaf.since, leaf.look_at, leaf.wire, leaf.seq,
      leaf.csr, leaf.pending, leaf.chain, leaf.plan, leaf.problem, leaf.failures, leaf.told ? 1 : 0,
      leaf.installed_at));
  return {};
}

Result<std::vector<Leaf>> leaves(store::Transaction& transaction, std::string_view order) {
  return leaves_where(transaction, "order_id = $1 ORDER BY edge", order);
}

Result<std::optional<Leaf>> leaf(store::Transaction& transaction, std::string_view order,
                                 std::string_view edge) {
  return first_of(TRY(leaves_where(transaction, "order_id = $1 AND edge = $2", order, edge)));
}

Result<std::optional<Leaf>> leaf_on_wire(store::Transaction& transaction, std::string_view edge,
                                         const pushpull::OrderId& wire) {
  return first_of(TRY(leaves_where(transaction, "edge = $1 AND wire = $2", edge, wire)));
}

Result<std::vector<Leaf>> leaves_of_edge(store::Transaction& transaction, std::string_view edge) {
  return leaves_where(transaction, "edge = $1 ORDER BY order_id", edge);
}

Result<std::vector<Leaf>> all_leaves(store::Transaction& transaction) {
  return leaves_where(transaction, "order_id <> '' ORDER BY order_id, edge");
}

Result<std::vector<Leaf>> due(store::Transaction& transaction, Instant now) {
  return leaves_where(transaction, "look_at <= $1 ORDER BY look_at, order_id, edge", now);
}

Result<std::vector<Leaf>> untold(store::Transaction& transaction) {
  return leaves_where(transaction,
                      "state = 'failed' AND told = 0 AND installed_at IS NOT NULL ORDER BY since");
}

}  // namespace sp::orders::rows
