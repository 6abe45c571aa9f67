#include "core/orders/worker.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/log/log.h"
#include "certs/acme/keeper.h"
#include "core/orders/internal/attempt.h"
#include "core/orders/internal/life.h"
#include "core/orders/internal/rows.h"

namespace sp::orders {
namespace {

constexpr std::chrono::seconds look_every{5};

// Less patient than a command that somebody waits for: the next attempt comes by itself.
acme::Limits limits() {
  acme::Limits out;
  out.attempts = 4;
  out.wait_most = std::chrono::minutes{1};
  return out;
}

class StoppableWaiter final : public acme::Waiter {
 public:
  explicit StoppableWaiter(std::stop_token stop) : stop_(std::move(stop)) {}
  Outcome wait(Duration time) override {
    std::unique_lock lock{mutex_};
    sleep_.wait_for(lock, stop_, time, [] { return false; });
    if (stop_.stop_requested()) return Error{Code::unavailable, "the core ends"};
    return {};
  }

 private:
  std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable_any sleep_;
};

// A session with the CA of one order, and what it stands on.
struct Talk {
  Talk(const Context& context, const WorkerOptions& options, const Order& order,
       const std::stop_token& stop)
      : transport(options.transport(order.ca.roots)),
        waiter(stop),
        session(order.ca.directory, {*transport, context.clock, context.random, waiter}, limits()) {
  }
  std::unique_ptr<acme::Transport> transport;
  StoppableWaiter waiter;
  acme::Session session;
};

std::optional<certificates::FailedRenewal> failed_renewal(const std::vector<OrderView>& views,
                                                          const Leaf& leaf) {
  const auto view =
      std::ranges::find(views, leaf.order, [](const OrderView& one) { return one.order.id; });
  if (view == views.end()) return std::nullopt;
  const auto of_leaf = std::ranges::find(view->leaves, leaf.edge, &LeafView::edge);
  if (of_leaf == view->leaves.end()) return std::nullopt;
  return certificates::FailedRenewal{view->order.names,  view->order.ca.directory,
                                     of_leaf->edge_name, leaf.problem,
                                     of_leaf->not_after, leaf.look_at};
}

bool is_same(const Leaf& a, const Leaf& b) {
  return a.state == b.state && a.wire == b.wire && a.seq == b.seq;
}

}  // namespace

Worker::Worker(const Context& context, people::People& people, settings::Settings& settings,
               Bell& bell, WorkerOptions options)
    : context_(context),
      people_(people),
      settings_(settings),
      bell_(bell),
      options_(std::move(options)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Worker::~Worker() {
  stop();
}

void Worker::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Worker::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto done = round(stop); !done)
      log::warning("certificate_orders", {{"code", sp::name(done.error().code())}});
    bell_.wait(stop, look_every);
  }
}

Outcome Worker::round(const std::stop_token& stop) {
  const auto now = context_.clock.now();
  const auto due = TRY(context_.store.read(
      [&](store::Transaction& transaction) { return rows::due(transaction, now); }));
  for (const auto& leaf : due) {
    if (stop.stop_requested()) return {};
    if (const auto done = step(leaf, stop); !done)
      log::error("certificate_order", done.error(), {{"order", leaf.order}, {"edge", leaf.edge}});
  }
  return tell();
}

Outcome Worker::step(const Leaf& leaf, const std::stop_token& stop) {
  const auto order = TRY(context_.store.read(
      [&](store::Transaction& transaction) { return rows::find(transaction, leaf.order); }));
  if (!order) return {};
  if (leaf.state == State::ordering) return this->order(leaf, *order, stop);
  if (leaf.state == State::installed) return look(leaf, *order, stop);
  return change(leaf, [&](store::Transaction& transaction, const Order& of, Leaf& now) -> Outcome {
    if (now.state == State::failed) return begin(context_, transaction, now, of.names);
    fail(now, "The site took the item and has not answered since.", context_.clock.now());
    return {};
  });
}

// Applies `what` to the leaf as it is now, unless it moved on meanwhile or is gone.
Outcome Worker::change(
    const Leaf& leaf,
    const std::function<Outcome(store::Transaction&, const Order&, Leaf&)>& what) {
  auto changed = context_.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(hold(transaction, leaf.order));
    const auto order = TRY(rows::find(transaction, leaf.order));
    auto now = TRY(rows::leaf(transaction, leaf.order, leaf.edge));
    if (!order || !now || !is_same(leaf, *now)) return {};
    TRY(what(transaction, *order, *now));
    return rows::save(transaction, *now);
  });
  TRY(std::move(changed));
  options_.wake_edge(leaf.edge);
  return {};
}

Outcome Worker::order(const Leaf& leaf, const Order& order, const std::stop_token& stop) {
  Talk talk{context_, options_, order, stop};
  const auto chain =
      obtain({context_, options_.wake_edge, options_.hooks}, talk.session, order, leaf);
  if (!chain && stop.stop_requested()) return {};  // the next core goes on with it
  if (chain)
    return change(leaf, [&](store::Transaction& transaction, const Order&, Leaf& now) {
      return install(context_, transaction, now, *chain);
    });
  const auto& error = chain.error();
  log::warning("certificate_not_ordered",
               {{"order", order.id}, {"edge", leaf.edge}, {"reason", error.detail()}});
  return change(leaf, [&](store::Transaction& transaction, const Order&, Leaf& now) -> Outcome {
    fail(now, error.detail(), context_.clock.now(),
         talk.session.retry_after().value_or(Duration{0}));
    auto entry = entry_of(audit::Event::certificate_refused, order, audit::the_system());
    entry.ending = audit::Ending::failed;
    entry.details = {{audit::Detail::edge, leaf.edge},
                     {audit::Detail::reason, std::string{sp::name(error.code())}}};
    return context_.audit.append(transaction, entry);
  });
}

Outcome Worker::look(const Leaf& leaf, const Order& order, const std::stop_token& stop) {
  Talk talk{context_, options_, order, stop};
  const auto plan = TRY(planned(talk.session, leaf));
  if (stop.stop_requested()) return {};
  const auto now = context_.clock.now();
  return change(leaf, [&](store::Transaction& transaction, const Order& of, Leaf& next) -> Outcome {
    next.plan = acme::encode(plan);
    next.look_at = std::min(plan.due, plan.ask_at.value_or(plan.due));
    if (plan.due > now) return {};
    renumber(next, context_.random);
    return begin(context_, transaction, next, of.names);
  });
}

// Told once for each row of failures; a first order that fails is on the page alone.
Outcome Worker::tell() {
  const auto untold = TRY(context_.store.read(
      [](store::Transaction& transaction) { return rows::untold(transaction); }));
  if (untold.empty()) return {};
  const auto post = TRY(certificates::post_of(settings_, people_));
  if (post.to.empty()) return {};
  const auto views = TRY(list(context_.store));
  for (const auto& leaf : untold) {
    const auto failed = failed_renewal(views, leaf);
    if (failed) TRY(tell(leaf, *failed, post));
  }
  options_.wake_mailer();
  return {};
}

Outcome Worker::tell(const Leaf& leaf, const certificates::FailedRenewal& failed,
                     const certificates::Post& post) {
  const mail::Context context{context_.store, context_.keyring, context_.clock, context_.random};
  const auto now = context_.clock.now();
  return change(leaf, [&](store::Transaction& transaction, const Order&, Leaf& of) -> Outcome {
    of.told = true;
    for (const auto& to : post.to) {
      const auto letter =
          certificates::renewal_failed(failed, post.settings, options_.site_url, to, now);
      TRY(mail::enqueue(context, transaction, letter));
    }
    return {};
  });
}

}  // namespace sp::orders
