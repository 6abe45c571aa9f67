#include "core/orders/traffic.h"

#include <algorithm>

#include "base/log/log.h"
#include "base/tls/certificate.h"
#include "core/orders/internal/life.h"
#include "core/orders/internal/rows.h"

namespace sp::orders {
namespace {

void passed_over(std::string_view edge, const pushpull::Event& event, std::string_view why) {
  log::warning("event_passed_over",
               {{"edge", edge}, {"seq", event.seq}, {"kind", event.kind}, {"why", why}});
}

// Sentences of ours: an edge may be hostile.
std::string sentence_of(std::string_view code) {
  if (code == "refused_names")
    return "The site refuses the names: its public address must be among them.";
  if (code == "unknown_order")
    return "The site does not have the key of this order any more; the next attempt makes another "
           "one.";
  if (code == "wrong_certificate")
    return "The site refuses the certificate: it is not for its key, its names or its address, or "
           "not valid now. Its log says which.";
  if (code == "not_written") return "The site could not write the certificate to its disk.";
  return "The site refuses, for a reason that this core does not know.";
}

// What an event of ours names, whatever its kind.
struct Told {
  pushpull::OrderId order{};
  Bytes csr;
  std::optional<pushpull::Hash> fingerprint;
  std::string code;
};
Result<Told> told_by(const pushpull::Event& event) {
  if (event.kind == pushpull::kind::certificate_requested) {
    auto body = TRY(pushpull::decode_certificate_requested(event.body));
    return Told{body.order, std::move(body.csr), {}, {}};
  }
  if (event.kind == pushpull::kind::certificate_installed) {
    const auto body = TRY(pushpull::decode_certificate_installed(event.body));
    return Told{body.order, {}, body.fingerprint, {}};
  }
  if (event.kind == pushpull::kind::certificate_refused) {
    auto body = TRY(pushpull::decode_certificate_refused(event.body));
    return Told{body.order, {}, {}, std::move(body.code)};
  }
  return Error{Code::invalid_input, "unknown kind"};
}

bool waits_for_edge(const Leaf& leaf) {
  return leaf.state == State::requesting || leaf.state == State::installing;
}

}  // namespace

void OrderTraffic::ring(store::Transaction& transaction) {
  transaction.after_commit([this] { bell_.ring(); });
}

Outcome OrderTraffic::settled(store::Transaction& transaction, std::string_view edge,
                              std::uint64_t first, std::uint64_t last,
                              std::span<const pushpull::Refused> refused) {
  const auto changed = TRY(transaction.run(
      "UPDATE certificate_tokens SET state = 'standing' WHERE edge = $1 AND seq BETWEEN $2 AND $3 "
      "AND state = 'sent'",
      edge, first, last));
  for (const auto& item : refused)
    TRY(
        transaction.run("UPDATE certificate_tokens SET state = 'refused' WHERE edge = $1 AND seq "
                        "= $2",
                        edge, item.seq));
  if (changed > 0) ring(transaction);
  const auto now = context_.clock.now();
  for (auto& leaf : TRY(rows::leaves_of_edge(transaction, edge))) {
    const auto seq = static_cast<std::uint64_t>(leaf.seq);
    if (!waits_for_edge(leaf) || seq < first || seq > last) continue;
    const auto no = std::ranges::find(refused, seq, &pushpull::Refused::seq);
    if (no == refused.end())
      leaf.look_at = now + edge_patience;
    else
      fail(leaf, "The site refuses to be asked: is it of this core's version?", now);
    TRY(rows::save(transaction, leaf));
  }
  return {};
}

Outcome OrderTraffic::happened(store::Transaction& transaction, std::string_view edge,
                               const pushpull::Event& event) {
  auto told = told_by(event);
  if (!told) return passed_over(edge, event, "malformed"), Outcome{};
  auto leaf = TRY(rows::leaf_on_wire(transaction, edge, told->order));
  if (!leaf) return passed_over(edge, event, "no such order here"), Outcome{};
  TRY(hold(transaction, leaf->order));
  leaf = TRY(rows::leaf_on_wire(transaction, edge, told->order));  // as it is now
  if (!leaf) return {};
  if (told->fingerprint) return installed(transaction, *leaf, *told->fingerprint);
  if (!told->code.empty()) return refused(transaction, *leaf, told->code);
  return requested(transaction, *leaf, std::move(told->csr));
}

Outcome OrderTraffic::requested(store::Transaction& transaction, Leaf& leaf, Bytes csr) {
  if (leaf.state != State::requesting) return {};
  const auto now = context_.clock.now();
  move(leaf, State::ordering, now);
  leaf.csr = std::move(csr);
  leaf.look_at = now;
  ring(transaction);
  return rows::save(transaction, leaf);
}

Outcome OrderTraffic::installed(store::Transaction& transaction, Leaf& leaf,
                                const pushpull::Hash& fingerprint) {
  if (!may_move(leaf.state, State::installed)) return {};
  const auto shown = tls::parse_certificate(leaf.chain);
  if (!shown || tls::facts(**shown).fingerprint != fingerprint) return {};
  const auto now = context_.clock.now();
  move(leaf, State::installed, now);
  leaf.installed_at = now;
  leaf.look_at = now;  // the worker finds out when it is to be renewed
  leaf.problem.clear();
  leaf.failures = 0;
  leaf.told = false;
  ring(transaction);
  TRY(rows::save(transaction, leaf));
  return note(transaction, audit::Event::certificate_replaced, leaf,
              {{audit::Detail::expires_at, rfc3339(tls::not_after(**shown))}});
}

Outcome OrderTraffic::refused(store::Transaction& transaction, Leaf& leaf, std::string_view code) {
  if (!waits_for_edge(leaf)) return {};
  fail(leaf, sentence_of(code), context_.clock.now());
  renumber(leaf, context_.random);
  ring(transaction);
  TRY(rows::save(transaction, leaf));
  return note(transaction, audit::Event::certificate_refused, leaf,
              {{audit::Detail::reason, leaf.problem}});
}

Outcome OrderTraffic::note(store::Transaction& transaction, audit::Event event, const Leaf& leaf,
                           audit::Details details) {
  const auto order = TRY(rows::find(transaction, leaf.order));
  if (!order) return {};
  auto entry = entry_of(event, *order, {"edge", leaf.edge, ""});
  entry.details = std::move(details);
  entry.details.emplace_back(audit::Detail::edge, leaf.edge);
  if (event == audit::Event::certificate_refused) entry.ending = audit::Ending::failed;
  return context_.audit.append(transaction, entry);
}

Result<std::vector<pushpull::LiveMessage>> OrderTraffic::live(store::Transaction& /*transaction*/,
                                                              std::string_view /*edge*/) {
  return std::vector<pushpull::LiveMessage>{};
}

Outcome OrderTraffic::removed(store::Transaction& transaction, std::string_view edge) {
  TRY(transaction.run("DELETE FROM certificate_tokens WHERE edge = $1", edge));
  TRY(transaction.run("DELETE FROM certificate_leaves WHERE edge = $1", edge));
  TRY(
      transaction.run("DELETE FROM certificate_orders WHERE id NOT IN (SELECT order_id FROM "
                      "certificate_leaves)"));
  return {};
}

Result<Bytes> OrderTraffic::settings(store::Transaction& /*transaction*/) {
  return Error{Code::internal, "orders have no settings for edges"};
}

}  // namespace sp::orders
