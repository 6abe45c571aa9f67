#include "core/orders/internal/edge_solver.h"

#include "core/orders/orders_fixture.h"

namespace sp::orders {
namespace {

// Each wait is a turn of the links.
class Turns final : public acme::Waiter {
 public:
  explicit Turns(std::vector<std::function<void()>> turns) : turns_(std::move(turns)) {}
  Outcome wait(Duration time) override {
    waited += time;
    if (next_ < turns_.size()) turns_[next_++]();
    return {};
  }
  Duration waited{0};

 private:
  std::vector<std::function<void()>> turns_;
  std::size_t next_ = 0;
};

acme::Challenge challenge() {
  const std::string token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
  return {acme::ChallengeKind::http_01, "portal.test", token,
          token + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI"};
}

struct Solving : Bench {
  Solving() : Bench(store::Engine::sqlite) { order = add(wanted()).id; }
  std::unique_ptr<acme::ChallengeSolver> solver(acme::Waiter& waiter) {
    return edge_solver(
        context(), order, [this](const std::string& edge) { woken.push_back(edge); }, waiter);
  }
  std::uint64_t last(const std::string& edge) {
    return static_cast<std::uint64_t>(waiting(edge).size());
  }
  std::string order;
  std::vector<std::string> woken;
};

TEST_CASE("an answer stands once every edge has taken it", "[orders]") {
  Solving bench;
  Turns turns{{[&] { bench.settled(bench.a); }, [] {}, [&] { bench.settled(bench.b); }}};
  const auto solver = bench.solver(turns);

  REQUIRE(solver->present(challenge()));

  CHECK(turns.waited == 3 * Duration{100});
  CHECK(bench.woken.size() == 2);
  CHECK(bench.waiting(bench.a).back() == "challenge.put");
  CHECK(bench.waiting(bench.b).back() == "challenge.put");
}

TEST_CASE("an edge that refuses the answer, or is silent, is named", "[orders]") {
  Solving bench;
  Turns refusing{{[&] { bench.settled(bench.a, {{bench.last(bench.a), "too_many"}}); }}};
  Turns silent{{[&] { bench.settled(bench.a); }}};

  const auto refused = bench.solver(refusing)->present(challenge());
  const auto late = bench.solver(silent)->present(challenge());

  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail() == "the site dmz-a refuses the CA's challenge");
  REQUIRE_FALSE(late);
  CHECK(late.error().detail().starts_with("the CA's challenge has not reached dmz-b within"));
  CHECK(silent.waited == Duration{60'000});
}

TEST_CASE("an answer is taken away from every edge, and only once", "[orders]") {
  Solving bench;
  Turns turns{{[&] { bench.settled(bench.a); }, [&] { bench.settled(bench.b); }}};
  const auto solver = bench.solver(turns);
  REQUIRE(solver->present(challenge()));

  REQUIRE(solver->remove(challenge()));
  REQUIRE(solver->remove(challenge()));

  CHECK(bench.waiting(bench.b) ==
        std::vector<std::string>{"certificate.request", "challenge.put", "challenge.remove"});
}

TEST_CASE("a removed order has nothing to show", "[orders]") {
  Solving bench;
  Turns turns{{}};
  REQUIRE(remove(bench.context(), bench.permit(access::Action::edges_write), bench.order));

  CHECK(bench.solver(turns)->present(challenge()).error().code() == Code::not_found);
}

}  // namespace
}  // namespace sp::orders
