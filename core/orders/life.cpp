#include "core/orders/internal/life.h"

#include <algorithm>

#include "base/result/ensure.h"
#include "base/tls/certificate.h"
#include "core/edges/queue.h"

namespace sp::orders {
namespace {

constexpr std::chrono::minutes first_pause{10};
constexpr std::chrono::hours last_pause{24};
constexpr std::chrono::days without_certificate{3};

Duration left_of(const Leaf& leaf, Instant now) {
  const auto shown = tls::parse_certificate(leaf.chain);
  if (!shown) return without_certificate;
  return tls::not_after(**shown) - now;
}

}  // namespace

Duration pause_after(unsigned failures, Duration left, Duration asked) {
  const Duration grown = first_pause * (1U << std::min(failures - 1, 12U));
  const auto pause = std::min({grown, Duration{last_pause}, left / 3});
  return std::max({pause, Duration{first_pause}, asked});
}

void move(Leaf& leaf, State to, Instant now) {
  ensure(may_move(leaf.state, to));
  leaf.state = to;
  leaf.since = now;
}

void fail(Leaf& leaf, std::string problem, Instant now, Duration asked) {
  move(leaf, State::failed, now);
  leaf.problem = std::move(problem);
  leaf.failures += 1;
  leaf.look_at = now + pause_after(leaf.failures, left_of(leaf, now), asked);
}

void renumber(Leaf& leaf, Random& random) {
  leaf.wire = random.bytes<16>();
  leaf.csr.clear();
  leaf.pending.clear();
}

Result<std::int64_t> queue(const Context& context, store::Transaction& transaction,
                           std::string_view edge, std::string_view kind, BytesView body) {
  auto ref = TRY(edges::put_down(transaction, context.keyring, context.random, body,
                                 context.clock.now() + std::chrono::hours{1}));
  const auto seq = TRY(edges::append(transaction, edge, {{kind, {}, std::move(ref)}}));
  return static_cast<std::int64_t>(seq);
}

Outcome begin(const Context& context, store::Transaction& transaction, Leaf& leaf,
              const std::vector<std::string>& names) {
  move(leaf, State::requesting, context.clock.now());
  leaf.look_at.reset();
  const auto body = pushpull::encode(pushpull::CertificateRequest{leaf.wire, names});
  leaf.seq = TRY(queue(context, transaction, leaf.edge, pushpull::kind::certificate_request, body));
  return {};
}

Outcome install(const Context& context, store::Transaction& transaction, Leaf& leaf,
                std::string chain) {
  move(leaf, State::installing, context.clock.now());
  leaf.look_at.reset();
  leaf.pending.clear();
  leaf.plan.clear();
  leaf.chain = std::move(chain);
  const auto body =
      pushpull::encode(pushpull::CertificatePut{leaf.wire, bytes::copy(bytes::of(leaf.chain))});
  leaf.seq = TRY(queue(context, transaction, leaf.edge, pushpull::kind::certificate_put, body));
  return {};
}

Outcome hold(store::Transaction& transaction, std::string_view order) {
  return transaction.lock("certificate_order/" + std::string{order});
}

audit::Entry entry_of(audit::Event event, const Order& order, const audit::Who& who) {
  audit::Entry entry{.event = event};
  entry.actor = who;
  entry.object = {"certificate_order", order.id, order.names.empty() ? "" : order.names.front()};
  return entry;
}

}  // namespace sp::orders
