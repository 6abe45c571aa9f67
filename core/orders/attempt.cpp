#include "core/orders/internal/attempt.h"

#include <algorithm>

#include "base/log/log.h"
#include "base/tls/certificate.h"
#include "certs/acme/dns_01.h"
#include "certs/acme/hook.h"
#include "certs/acme/keeper.h"
#include "certs/acme/request.h"
#include "certs/authority/request.h"
#include "core/orders/internal/account.h"
#include "core/orders/internal/rows.h"

namespace sp::orders {
namespace {

constexpr Duration least_ask{60'000};
constexpr Duration usual_ask = std::chrono::hours{6};
constexpr Duration most_ask = std::chrono::days{1};  // RFC 9773 section 4.3.2 allows clamping

// The leaf's order with the CA, in its row.
class RowJournal final : public acme::Journal {
 public:
  RowJournal(const Context& context, const Leaf& leaf) : context_(context), leaf_(leaf) {}

  Result<std::optional<acme::Pending>> load() override {
    const auto row = TRY(context_.store.read([&](store::Transaction& transaction) {
      return transaction.one(
          "SELECT pending FROM certificate_leaves WHERE order_id = $1 AND edge = $2", leaf_.order,
          leaf_.edge);
    }));
    if (!row || row->text(0).empty()) return std::optional<acme::Pending>{};
    return std::optional{TRY(acme::decode_pending(row->text(0)))};
  }
  Outcome save(const acme::Pending& pending) override { return put(acme::encode(pending)); }
  Outcome clear() override { return put(""); }

 private:
  Outcome put(const std::string& text) {
    return context_.store.write([&](store::Transaction& transaction) -> Outcome {
      TRY(
          transaction.run("UPDATE certificate_leaves SET pending = $4 WHERE order_id = $1 AND edge "
                          "= $2 AND wire = $3",
                          leaf_.order, leaf_.edge, leaf_.wire, text));
      return {};
    });
  }
  const Context& context_;
  const Leaf& leaf_;
};

Result<std::vector<certs::Host>> hosts_of(const Order& order) {
  std::vector<certs::Host> out;
  for (const auto& name : order.names) out.push_back(TRY(certs::Host::parse(name)));
  return out;
}

// RFC 7468. The request was decoded as bytes of the edge's choice: it is judged before it is used.
Result<certs::Request> request_of(BytesView der) {
  const auto text = bytes::base64(der);
  std::string pem = "-----BEGIN CERTIFICATE REQUEST-----\n";
  for (std::size_t at = 0; at < text.size(); at += 64) pem += text.substr(at, 64) + "\n";
  return certs::parse_request(pem + "-----END CERTIFICATE REQUEST-----\n");
}

bool same_names(const std::vector<certs::Host>& a, const std::vector<certs::Host>& b) {
  const auto has = [](const auto& all) {
    return [&all](const certs::Host& one) { return std::ranges::find(all, one) != all.end(); };
  };
  return std::ranges::all_of(a, has(b)) && std::ranges::all_of(b, has(a));
}

Result<acme::dns::TsigKey> dns_key_of(const Context& context, const Order& order) {
  const auto row = TRY(context.store.read([&](store::Transaction& transaction) {
    return transaction.one("SELECT dns_key FROM certificate_orders WHERE id = $1", order.id);
  }));
  if (!row) return Error{Code::not_found, "the order was removed"};
  const auto text =
      TRY(context.keyring.open({"certificate_orders", order.id, "dns_key"}, row->bytes(0)));
  return acme::dns::TsigKey::parse(text);
}

Result<std::unique_ptr<acme::ChallengeSolver>> dns_solver(const Means& means,
                                                          const acme::World& world,
                                                          const Order& order) {
  const auto& proof = order.proof;
  if (!proof.hook.empty())
    return acme::hook(acme::ChallengeKind::dns_01, {.program = means.hooks / proof.hook});
  acme::Dns01Options options;
  options.server = TRY(acme::DnsServer::parse(proof.name_server));
  options.zone = proof.zone;
  options.key = TRY(dns_key_of(means.context, order));
  for (const auto& one : proof.seen_by) options.seen_by.push_back(TRY(acme::DnsServer::parse(one)));
  return acme::dns_01_update(std::move(options), world.clock, world.random, world.waiter);
}

Result<acme::Solvers> solvers_for(const Means& means, const acme::World& world,
                                  const Order& order) {
  acme::Solvers out;
  if (order.proof.kind == acme::ChallengeKind::http_01)
    out.push_back(edge_solver(means.context, order.id, means.wake, world.waiter));
  else
    out.push_back(TRY(dns_solver(means, world, order)));
  return out;
}

// The certificate that this one follows, as the CA calls it (RFC 9773); empty: none.
std::string replaced_by(const Leaf& leaf) {
  const auto shown = tls::parse_certificate(leaf.chain);
  if (!leaf.installed_at || !shown) return {};
  return acme::renewal_id(**shown).value_or("");
}

}  // namespace

Result<std::string> obtain(const Means& means, acme::Session& session, const Order& order,
                           const Leaf& leaf) {
  const auto hosts = TRY(hosts_of(order));
  const auto request = TRY(request_of(leaf.csr).within("the site's request"));
  if (!same_names(request.hosts, hosts))
    return Error{Code::corrupt, "the site's request is for other names"};
  const auto account = TRY(account_for(means.context, session, order));
  const auto solvers = TRY(solvers_for(means, session.world(), order));
  RowJournal journal{means.context, leaf};
  acme::Wanted wanted;
  wanted.order = {hosts, order.ca.profile, replaced_by(leaf)};
  wanted.csr = leaf.csr;
  auto issued = acme::obtain(session, account, wanted, solvers, journal);
  if (!issued && issued.error().detail().ends_with("(accountDoesNotExist)"))
    TRY(forget_account(means.context, order));
  auto chain = TRY(std::move(issued));
  // An order that was finalized with an earlier key of the edge's cannot be used.
  if (auto good = acme::check_issued(chain, hosts, *request.key); !good) {
    TRY(journal.clear());
    return std::move(good).error();
  }
  return chain;
}

Result<acme::Plan> planned(acme::Session& session, const Leaf& leaf) {
  const auto shown = TRY(tls::parse_certificate(leaf.chain));
  const auto id = acme::renewal_id(*shown).value_or("unknown");
  const acme::Life life{tls::not_before(*shown), tls::not_after(*shown)};
  const auto now = session.world().clock.now();
  auto plan = acme::decode_plan(leaf.plan).value_or(acme::Plan{});
  std::optional<acme::Window> window;
  if (plan.of != id || !plan.ask_at || *plan.ask_at <= now) {
    auto asked = acme::ask_window(session, id);
    if (asked) window = *asked;
    if (!asked) log::warning("acme.no_renewal_information", {{"reason", asked.error().detail()}});
    plan.ask_at = now + std::clamp(session.retry_after().value_or(usual_ask), least_ask, most_ask);
  }
  return acme::planned(std::move(plan), id, life, window, session.world().random);
}

}  // namespace sp::orders
