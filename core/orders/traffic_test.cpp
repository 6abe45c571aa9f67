#include "core/orders/traffic.h"

#include "base/testing/test_identity.h"
#include "base/tls/certificate.h"
#include "core/orders/internal/life.h"
#include "core/orders/orders_fixture.h"

namespace sp::orders {
namespace {

using pushpull::CertificateInstalled;
using pushpull::CertificateRefused;
using pushpull::CertificateRequested;
namespace kind = pushpull::kind;

struct Ordered : Bench {
  Ordered() : Bench(store::Engine::sqlite) { order = add(wanted({"dmz-a"})).id; }
  Leaf now() { return leaf(order, a); }
  void request() {
    happened(a, kind::certificate_requested,
             CertificateRequested{now().wire, bytes::copy(bytes::of("a request"))});
  }
  /// As the worker does once the CA has issued.
  void issue(const std::string& chain) {
    REQUIRE(fresh.store().write([&](store::Transaction& transaction) -> Outcome {
      auto found = TRY(rows::leaf(transaction, order, a));
      TRY(install(context(), transaction, *found, chain));
      return rows::save(transaction, *found);
    }));
  }
  std::string order;
};

TEST_CASE("the edge's request makes the leaf due for the CA, once", "[orders][promise-6]") {
  Ordered bench;

  bench.request();
  const auto leaf = bench.now();
  bench.request();

  CHECK(leaf.state == State::ordering);
  CHECK(leaf.look_at == bench.clock.now());
  CHECK(bytes::text(leaf.csr) == "a request");
  CHECK(bench.now().since == leaf.since);
}

TEST_CASE("an edge speaks for its own leaves alone", "[orders]") {
  Ordered bench;

  bench.happened(bench.b, kind::certificate_requested,
                 CertificateRequested{bench.now().wire, bytes::copy(bytes::of("a request"))});

  CHECK(bench.now().state == State::requesting);
}

TEST_CASE("installed is what has the fingerprint of what was issued", "[orders]") {
  Ordered bench;
  const auto identity = sp::testing::test_identity(-1, 30, "DNS:portal.test");
  const auto facts = tls::facts(**tls::parse_certificate(identity.chain_pem));
  bench.request();
  bench.issue(identity.chain_pem);

  bench.happened(bench.a, kind::certificate_installed, CertificateInstalled{bench.now().wire, {}});
  const auto before = bench.now().state;
  bench.happened(bench.a, kind::certificate_installed,
                 CertificateInstalled{bench.now().wire, facts.fingerprint});

  CHECK(before == State::installing);
  CHECK(bench.now().state == State::installed);
  CHECK(bench.now().installed_at == bench.clock.now());
  CHECK(bench.waiting(bench.a) ==
        std::vector<std::string>{"certificate.request", "certificate.put"});
}

TEST_CASE("a refusal is a failure in our words, and the next attempt has another key", "[orders]") {
  Ordered bench;
  const auto before = bench.now().wire;

  bench.happened(bench.a, kind::certificate_refused, CertificateRefused{before, "refused_names"});

  CHECK(bench.now().state == State::failed);
  CHECK(bench.now().problem.starts_with("The site refuses the names"));
  CHECK(bench.now().wire != before);
  CHECK(bench.now().look_at > bench.clock.now());
}

TEST_CASE("an edge that took the item has some minutes to answer", "[orders]") {
  Ordered bench;

  CHECK_FALSE(bench.now().look_at.has_value());
  bench.settled(bench.a);

  CHECK(bench.now().look_at == bench.clock.now() + edge_patience);
}

TEST_CASE("an item that an edge does not know is a failure", "[orders]") {
  Ordered bench;

  bench.settled(bench.a, {{static_cast<std::uint64_t>(bench.now().seq), "invalid_input"}});

  CHECK(bench.now().state == State::failed);
}

TEST_CASE("with its last edge an order goes", "[orders]") {
  Ordered bench;

  REQUIRE(edges::remove(bench.context(), bench.permit(access::Action::edges_write), *bench.traffic,
                        bench.a));

  CHECK(list(bench.fresh.store())->empty());
}

}  // namespace
}  // namespace sp::orders
