#include "core/orders/internal/edge_solver.h"

#include <algorithm>
#include <set>

#include "base/tls/certificate.h"
#include "core/orders/internal/life.h"
#include "core/orders/internal/rows.h"

namespace sp::orders {
namespace {

constexpr Duration stands_for = std::chrono::hours{1};
constexpr Duration between_looks{100};
constexpr unsigned looks = 600;

struct Standing {
  std::string edge;  // by name
  std::string state;
};

class EdgeSolver final : public acme::ChallengeSolver {
 public:
  EdgeSolver(const Context& context, std::string order, Wake wake, acme::Waiter& waiter)
      : context_(context), order_(std::move(order)), wake_(std::move(wake)), waiter_(waiter) {}
  [[nodiscard]] acme::ChallengeKind kind() const override { return acme::ChallengeKind::http_01; }

  Outcome present(const acme::Challenge& challenge) override {
    const auto others = TRY(behind(challenge.domain));
    const auto edges = TRY(context_.store.write(
        [&](store::Transaction& transaction) { return put(transaction, challenge, others); }));
    for (const auto& edge : edges) wake_(edge);
    for (unsigned i = 0; i < looks; ++i) {
      if (TRY(all_stand(challenge.token))) return {};
      TRY(waiter_.wait(between_looks));
    }
    return silent(challenge.token);
  }

  Outcome remove(const acme::Challenge& challenge) override {
    const auto edges = TRY(context_.store.write(
        [&](store::Transaction& transaction) { return take(transaction, challenge.token); }));
    for (const auto& edge : edges) wake_(edge);
    return {};
  }

 private:
  // Enrolled edges that answer for this name, of the order or not.
  Result<std::set<std::string>> behind(const std::string& domain) {
    std::set<std::string> out;
    for (const auto& edge : TRY(edges::list(context_.store)))
      if (edge.state == edges::State::enrolled && tls::host_of(edge.public_url) == domain)
        out.insert(edge.id);
    return out;
  }

  Result<std::vector<std::string>> put(store::Transaction& transaction,
                                       const acme::Challenge& challenge,
                                       std::set<std::string> targets) {
    const auto body = pushpull::encode(pushpull::ChallengePut{
        challenge.token, challenge.key_authorization, context_.clock.now() + stands_for});
    const auto leaves = TRY(rows::leaves(transaction, order_));
    if (leaves.empty()) return Error{Code::not_found, "the order was removed"};
    for (const auto& leaf : leaves) targets.insert(leaf.edge);
    for (const auto& edge : targets) {
      const auto seq = TRY(queue(context_, transaction, edge, pushpull::kind::challenge_put, body));
      TRY(transaction.run(
          "INSERT INTO certificate_tokens (edge, token, order_id, seq, state) VALUES ($1, $2, $3, "
          "$4, 'sent') ON CONFLICT (edge, token) DO UPDATE SET seq = excluded.seq, state = 'sent'",
          edge, challenge.token, order_, seq));
    }
    return std::vector<std::string>{targets.begin(), targets.end()};
  }

  Result<std::vector<std::string>> take(store::Transaction& transaction, const std::string& token) {
    const auto body = pushpull::encode(pushpull::ChallengeRemove{token});
    const auto rows = TRY(transaction.query(
        "DELETE FROM certificate_tokens WHERE token = $1 AND order_id = $2 RETURNING edge", token,
        order_));
    std::vector<std::string> edges;
    for (const auto& row : rows) {
      TRY(queue(context_, transaction, row.text(0), pushpull::kind::challenge_remove, body));
      edges.push_back(row.text(0));
    }
    return edges;
  }

  Result<std::vector<Standing>> standing(const std::string& token) {
    return context_.store.read(
        [&](store::Transaction& transaction) -> Result<std::vector<Standing>> {
          const auto rows = TRY(transaction.query(
              "SELECT e.name, t.state FROM certificate_tokens t JOIN edges e ON e.id = t.edge "
              "WHERE t.token = $1 AND t.order_id = $2 ORDER BY e.name",
              token, order_));
          std::vector<Standing> out;
          for (const auto& row : rows) out.push_back({row.text(0), row.text(1)});
          return out;
        });
  }

  Result<bool> all_stand(const std::string& token) {
    const auto all = TRY(standing(token));
    if (all.empty()) return Error{Code::not_found, "the order was removed"};
    const auto no = std::ranges::find(all, "refused", &Standing::state);
    if (no != all.end())
      return Error{Code::unavailable, "the site " + no->edge + " refuses the CA's challenge"};
    return std::ranges::all_of(all, [](const auto& one) { return one.state == "standing"; });
  }

  Error silent(const std::string& token) {
    std::string names;
    for (const auto& one : standing(token).value_or(std::vector<Standing>{}))
      if (one.state == "sent") names += (names.empty() ? "" : ", ") + one.edge;
    return {Code::unavailable, "the CA's challenge has not reached " + names +
                                   " within a minute: is the link to it green?"};
  }

  Context context_;
  std::string order_;
  Wake wake_;
  acme::Waiter& waiter_;
};

}  // namespace

std::unique_ptr<acme::ChallengeSolver> edge_solver(const Context& context, std::string order,
                                                   Wake wake, acme::Waiter& waiter) {
  return std::make_unique<EdgeSolver>(context, std::move(order), std::move(wake), waiter);
}

}  // namespace sp::orders
