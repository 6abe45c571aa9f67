#include "core/identities/identities.h"

#include "base/testing/catch.h"
#include "base/tls/certificate.h"
#include "base/tls/request.h"
#include "core/audit/testing/audited_store.h"
#include "core/edges/edge.h"
#include "core/identities/rows.h"

namespace sp::identities {
namespace {

using namespace std::chrono_literals;
namespace kind = pushpull::kind;
constexpr Duration day = 24h;

/// A core with enrolled edges, which the test plays.
struct Bench : audit::testing::AuditedStore {
  explicit Bench(store::Engine engine) : AuditedStore(engine, from_millis(1'795'800'000'000)) {
    identities = std::make_unique<Identities>(context(), [](const std::string&) {});
  }
  Context context() { return {fresh.store(), *keyring, *audit, clock, random}; }
  template <class Work>
  auto write(Work work) {
    auto done = fresh.store().write(work);
    REQUIRE(done);
    return std::move(*done);
  }
  /// Enrolled; its TLS key is another's until it has an identity.
  std::string add_edge(const std::string& name) {
    auto made = pushpull::make_link(pushpull::EdgeId::random(random), name, "selfdestruct", random,
                                    clock.now());
    made.keys.pin = pushpull::Pin{};
    const auto sealed =
        keyring->seal({"edges", name, "keys"}, pushpull::encode(made.keys).expose());
    write([&](store::Transaction& tx) {
      return tx.run(
          "INSERT INTO edges (id, name, kind, public_url, intake_url, state, created_at, keys, "
          "core_epoch, applied, sent, queued, last_event) VALUES ($1, $1, 'selfdestruct', "
          "'https://x', 'https://y:1', 'enrolled', $2, $3, $4, 0, 0, 0, 0)",
          name, clock.now(), sealed, random.bytes<16>());
    });
    return name;
  }
  std::size_t round() {
    const auto asked = identities::round(context());
    REQUIRE(asked);
    return asked->size();
  }
  /// What waits for the edge, oldest first; taken out.
  std::vector<pushpull::Item> items(const std::string& edge) {
    edges::EdgeOutbox outbox{context(), *identities, edge};
    auto items = *outbox.next(outbox.numbers()->applied, 100, 1U << 20U);
    if (!items.empty()) {
      REQUIRE(outbox.sending(items.back().seq));
      REQUIRE(outbox.acknowledged(items.back().seq, {}));
    }
    return items;
  }
  void report(const std::string& edge, std::string_view what, const Bytes& body) {
    const pushpull::Event event{1, std::string{what}, {}, clock.now(), body};
    write([&](store::Transaction& tx) -> Result<int> {
      TRY(identities->happened(tx, edge, event));
      return 0;
    });
  }
  /// The edge answers what it is asked, with a new key; the certificate that it got.
  openssl::Cert answer(const std::string& edge, const pushpull::Item& request) {
    const auto wanted = *pushpull::decode_certificate_request(request.body);
    const auto key = *tls::parse_key(*tls::new_key());
    const auto csr = *tls::signing_request("", "URI:" + wanted.names.front(), *key);
    report(edge, kind::identity_requested,
           pushpull::encode(pushpull::CertificateRequested{wanted.order, *tls::der_of(*csr)}));
    const auto put = items(edge);
    REQUIRE(put.size() == 1);
    const auto chain = *pushpull::decode_certificate_put(put.front().body);
    return *tls::parse_certificate(bytes::text(chain.chain));
  }
  void confirm(const std::string& edge, const X509& shown) {
    const auto order = write([&](store::Transaction& tx) { return rows::identity(tx, edge); });
    pushpull::CertificateInstalled event{};
    std::ranges::copy(order->order, event.order.begin());
    event.fingerprint = tls::facts(shown).fingerprint;
    report(edge, kind::identity_installed, pushpull::encode(event));
  }
  /// All of it at once.
  openssl::Cert renew(const std::string& edge) {
    const auto asked = items(edge);
    REQUIRE(asked.size() == 1);
    auto got = answer(edge, asked.front());
    confirm(edge, *got);
    return got;
  }
  bool vouches(const std::string& edge, const X509& leaf) {
    return write([&](store::Transaction& tx) {
      return identities->vouches_for(tx, edge, *tls::der_of(leaf));
    });
  }
  pushpull::Pin pin(const std::string& edge) {
    edges::EdgeOutbox outbox{context(), *identities, edge};
    return *outbox.keys()->pin;
  }
  std::vector<std::string> waits_for() { return state(fresh.store())->unconfirmed(); }
  std::vector<std::int64_t> trusted() { return state(fresh.store())->authorities; }

  std::unique_ptr<Identities> identities;
};

auto each_engine() {
  return GENERATE(from_range(store::testing::engines()));
}
pushpull::Pin pin_of(const X509& certificate) {
  return pushpull::Pin{tls::spki_pin(certificate)};
}

}  // namespace

TEST_CASE("an edge gets an identity of 30 days and is asked again at half of it", "[identities]") {
  Bench bench{each_engine()};
  const auto edge = bench.add_edge("dmz");

  CHECK(bench.round() == 1);
  CHECK(bench.round() == 0);
  const auto got = bench.renew(edge);

  CHECK(bench.pin(edge) == pin_of(*got));
  CHECK(tls::not_after(*got) - bench.clock.now() > 29 * day);
  bench.clock.advance(14 * day);
  CHECK(bench.round() == 0);
  bench.clock.advance(1 * day);
  CHECK(bench.round() == 1);
  const auto next = bench.renew(edge);
  CHECK(bench.pin(edge) == pin_of(*next));
}

TEST_CASE("an order that came to nothing is made again after an hour", "[identities]") {
  Bench bench{each_engine()};
  const auto edge = bench.add_edge("dmz");
  CHECK(bench.round() == 1);
  const auto lost = bench.items(edge);

  bench.clock.advance(59min);
  CHECK(bench.round() == 0);
  bench.clock.advance(1min);
  CHECK(bench.round() == 1);

  bench.renew(edge);
  CHECK(bench.round() == 0);
}

TEST_CASE("an edge that is away is asked once, and gets it when it comes back", "[identities]") {
  Bench bench{each_engine()};
  const auto edge = bench.add_edge("dmz");
  CHECK(bench.round() == 1);

  bench.clock.advance(20 * day);
  CHECK(bench.round() == 0);

  const auto got = bench.renew(edge);
  CHECK(tls::not_after(*got) - bench.clock.now() > 29 * day);
  CHECK(bench.round() == 0);
}

TEST_CASE("nothing is signed that was not asked for, and nothing twice", "[identities]") {
  Bench bench{each_engine()};
  const auto edge = bench.add_edge("dmz");
  const auto other = bench.add_edge("other");
  bench.round();
  const auto asked = bench.items(edge).front();
  const auto wanted = *pushpull::decode_certificate_request(asked.body);
  const auto key = *tls::parse_key(*tls::new_key());
  const auto csr = *tls::der_of(**tls::signing_request("", "URI:sallyport://x", *key));

  bench.items(other);
  bench.report(other, kind::identity_requested,
               pushpull::encode(pushpull::CertificateRequested{wanted.order, csr}));
  bench.report(edge, kind::identity_requested,
               pushpull::encode(pushpull::CertificateRequested{wanted.order, Bytes(100)}));
  bench.report(edge, kind::identity_requested, Bytes(3));
  CHECK(bench.items(other).empty());
  CHECK(bench.items(edge).empty());
  const auto got = bench.answer(edge, asked);
  bench.report(edge, kind::identity_requested,
               pushpull::encode(pushpull::CertificateRequested{wanted.order, csr}));

  CHECK(bench.items(edge).empty());
  CHECK(bench.vouches(edge, *got));
}

TEST_CASE("a certificate of the authority is the edge's own, and for 90 days after its end",
          "[identities]") {
  Bench bench{each_engine()};
  const auto edge = bench.add_edge("dmz");
  const auto other = bench.add_edge("other");
  bench.round();
  const auto got = bench.answer(edge, bench.items(edge).front());
  const auto stranger = *make_authority(bench.clock.now(), bench.random);
  const auto signer = *parse_authority(stranger.certificate, stranger.key);
  const auto key = *tls::parse_key(*tls::new_key());
  const auto forged = *sign(signer, *key, edge, bench.clock.now(), bench.random);

  CHECK(bench.vouches(edge, *got));
  CHECK_FALSE(bench.vouches(other, *got));
  CHECK_FALSE(bench.vouches(edge, *forged));
  bench.clock.advance(119 * day);
  CHECK(bench.vouches(edge, *got));
  bench.clock.advance(2 * day);
  CHECK_FALSE(bench.vouches(edge, *got));
}

TEST_CASE("an edge that shows an older identity is known, and asked for a new one at once",
          "[identities][promise-7]") {
  Bench bench{each_engine()};
  const auto edge = bench.add_edge("dmz");
  bench.round();
  const auto first = bench.renew(edge);
  bench.clock.advance(16 * day);
  bench.round();
  const auto second = bench.renew(edge);
  CHECK(bench.vouches(edge, *second));
  CHECK(bench.round() == 0);

  CHECK(bench.vouches(edge, *first));

  CHECK(bench.round() == 1);
  const auto third = bench.renew(edge);
  CHECK(bench.pin(edge) == pin_of(*third));
}

TEST_CASE("a rotation ends when every edge has confirmed, and not before", "[identities]") {
  Bench bench{each_engine()};
  const auto here = bench.add_edge("here");
  const auto away = bench.add_edge("away");
  bench.round();
  const auto before = bench.renew(here);
  bench.renew(away);

  REQUIRE(begin_rotation(bench.context()));
  CHECK(bench.trusted() == std::vector<std::int64_t>{1, 2});
  CHECK(bench.vouches(here, *before));
  CHECK(bench.waits_for() == std::vector<std::string>{"away", "here"});
  bench.round();
  bench.renew(here);
  bench.clock.advance(3 * day);
  bench.round();

  CHECK(bench.trusted().size() == 2);
  CHECK(bench.waits_for() == std::vector<std::string>{"away"});
  const auto again = begin_rotation(bench.context());
  CHECK(again.error().code() == Code::conflict);
  CHECK(again.error().detail().ends_with("it waits for: away"));

  bench.renew(away);
  CHECK(bench.trusted().size() == 2);
  bench.round();
  CHECK(bench.trusted() == std::vector<std::int64_t>{2});
  CHECK_FALSE(bench.vouches(here, *before));
  CHECK(begin_rotation(bench.context()));
}

TEST_CASE("what was asked of the old authority is signed by the next one", "[identities]") {
  Bench bench{each_engine()};
  const auto edge = bench.add_edge("dmz");
  bench.round();
  const auto asked = bench.items(edge);
  REQUIRE(begin_rotation(bench.context()));

  const auto got = bench.answer(edge, asked.front());
  bench.confirm(edge, *got);
  bench.round();

  CHECK(bench.trusted() == std::vector<std::int64_t>{2});
  CHECK(bench.vouches(edge, *got));
}

TEST_CASE("a rotation that is turned back keeps the old authority", "[identities]") {
  Bench bench{each_engine()};
  const auto moved = bench.add_edge("moved");
  const auto away = bench.add_edge("away");
  CHECK(roll_back(bench.context()).error().code() == Code::conflict);
  bench.round();
  bench.renew(moved);
  const auto kept = bench.renew(away);
  REQUIRE(begin_rotation(bench.context()));
  bench.round();
  const auto given_up = bench.renew(moved);

  REQUIRE(roll_back(bench.context()));

  CHECK(bench.waits_for() == std::vector<std::string>{"moved"});
  CHECK(bench.vouches(moved, *given_up));
  bench.clock.advance(1min);
  bench.round();
  bench.renew(moved);
  bench.round();
  CHECK(bench.trusted() == std::vector<std::int64_t>{3});
  CHECK(bench.vouches(away, *kept));
  CHECK_FALSE(bench.vouches(moved, *given_up));
}

TEST_CASE("an authority gives way by itself a year before its end", "[identities]") {
  Bench bench{each_engine()};
  bench.round();
  bench.clock.advance(3200 * day);
  bench.round();
  CHECK(bench.trusted() == std::vector<std::int64_t>{1});

  bench.clock.advance(100 * day);
  bench.round();
  CHECK(bench.trusted() == std::vector<std::int64_t>{1, 2});
  bench.round();
  CHECK(bench.trusted() == std::vector<std::int64_t>{2});
}

TEST_CASE("an edge that is removed holds no rotation up", "[identities]") {
  Bench bench{each_engine()};
  const auto here = bench.add_edge("here");
  const auto gone = bench.add_edge("gone");
  bench.round();
  bench.renew(here);
  bench.renew(gone);
  REQUIRE(begin_rotation(bench.context()));
  bench.round();
  bench.renew(here);

  bench.write([&](store::Transaction& tx) -> Result<int> {
    TRY(bench.identities->removed(tx, gone));
    TRY(tx.run("UPDATE edges SET state = 'removed' WHERE id = $1", gone));
    return 0;
  });
  bench.round();

  CHECK(bench.trusted() == std::vector<std::int64_t>{2});
}

}  // namespace sp::identities
