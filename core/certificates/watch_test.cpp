// What the watch records, and that each threshold is told once.
#include "core/certificates/watch.h"

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"
#include "base/testing/test_identity.h"
#include "core/audit/testing/audited_store.h"
#include "core/certificates/trust.h"
#include "core/edges/edge.h"
#include "core/edges/outbox.h"

namespace sp::certificates {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

struct Bench : audit::testing::AuditedStore {
  explicit Bench(store::Engine engine) : AuditedStore(engine) {
    settings = std::make_unique<settings::Settings>(fresh.store(), *keyring, *audit, clock);
    people =
        std::make_unique<people::People>(fresh.store(), *audit, *keyring, hasher, random, clock);
    REQUIRE(people->create_first({"ada", "Ada", "ada@example.test", access::Role::administrator}));
    const auto permit = access::authorise(actor, access::Action::people_write);
    REQUIRE(people->create(*permit, {"bob", "Bob", "bob@example.test", access::Role::user}));
    REQUIRE(people->create(*permit, {"cleo", "Cleo", {}, access::Role::administrator}));
    edge = edges::add({fresh.store(), *keyring, *audit, clock, random},
                      *access::authorise(actor, access::Action::edges_write),
                      {"dmz", "selfdestruct", "https://portal.test", "https://127.0.0.1:1"})
               ->edge;
  }
  Context context() {
    return {fresh.store(), *keyring, *audit, *people,
            *settings,     clock,    random, "https://core.test"};
  }
  int round() {
    const auto mails = Watch::round(context(), [this] { return shown; });
    REQUIRE(mails);
    return *mails;
  }
  void set_mail_server() {
    auto values = *settings->current();
    values.mail.host = "mail.test";
    values.mail.from = "core@example.test";
    REQUIRE(
        settings->replace(*access::authorise(actor, access::Action::settings_write), values, {}));
  }
  std::vector<Watched> listed() { return *list(fresh.store(), "https://core.test", clock.now()); }
  int told() {
    return static_cast<int>(
        audit::list(fresh.store(), {.code = "certificate.expiring"}, 0, 100)->size());
  }
  std::vector<std::string> recipients() {
    return *fresh.store().read([](store::Transaction& transaction)
                                   -> Result<std::vector<std::string>> {
      std::vector<std::string> out;
      for (const auto& row : TRY(transaction.query(
               "SELECT recipient FROM mails WHERE occasion = 'certificate' ORDER BY created_at")))
        out.push_back(row.text(0));
      return out;
    });
  }
  /// Ends `left` from now; `version` makes it another certificate.
  Certificate certificate(Duration left, int version = 1, std::string owner = {}) {
    Certificate out;
    out.owner = std::move(owner);
    out.place = out.owner.empty() ? Place::site : Place::portal;
    out.names = {out.owner.empty() ? "core.test" : "portal.test"};
    out.issuer = "Test CA";
    out.not_after = clock.now() + left;
    out.not_before = out.not_after - days{397};
    out.fingerprint[0] = static_cast<std::byte>(version);
    out.seen_at = clock.now();
    return out;
  }

  people::Hasher hasher{{64, 1}, random};
  access::Actor actor = access::system_actor();
  std::unique_ptr<settings::Settings> settings;
  std::unique_ptr<people::People> people;
  edges::Edge edge;
  std::vector<Certificate> shown;
};

TEST_CASE("what is shown is listed as it was seen, the core's first", "[certificates]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.shown = {bench.certificate(days{60}, 2, bench.edge.id), bench.certificate(days{90})};
  bench.shown[0].names = {"portal.test", "*.portal.test"};
  bench.shown[0].renewed_by = "certbot";

  CHECK(bench.round() == 0);
  const auto listed = bench.listed();

  REQUIRE(listed.size() == 2);
  CHECK(listed[0].certificate == bench.shown[1]);
  CHECK(listed[0].owner_name.empty());
  CHECK(listed[1].certificate == bench.shown[0]);
  CHECK(listed[1].owner_name == "dmz");
  CHECK(listed[1].verdict.light == Light::green);
  CHECK(listed[1].verdict.days_left == 60);
}

TEST_CASE("a certificate of another name than the site's is red", "[certificates]") {
  Bench bench{store::Engine::sqlite};
  bench.shown = {bench.certificate(days{90})};
  bench.shown[0].names = {"other.test"};

  bench.round();

  CHECK(bench.listed().at(0).verdict.light == Light::red);
}

TEST_CASE("each threshold is told once, in the trail and to every administrator with an address",
          "[certificates]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.set_mail_server();
  bench.shown = {bench.certificate(days{31})};
  CHECK(bench.round() == 0);

  std::vector<int> mails;
  for (const int step : {1, 1, 15, 8, 6, 3}) {  // 30, 29, 14, 6, 0 days and past the end
    bench.clock.advance(days{step});
    mails.push_back(bench.round());
    mails.back() += bench.round();
  }

  CHECK(mails == std::vector{1, 0, 1, 1, 1, 0});
  CHECK(bench.recipients() == std::vector<std::string>(4, "ada@example.test"));
  CHECK(bench.told() == 4);
}

TEST_CASE("a renewed certificate ends the warnings, and its own come in their time",
          "[certificates]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.set_mail_server();
  bench.shown = {bench.certificate(days{10})};
  CHECK(bench.round() == 1);

  bench.shown = {bench.certificate(days{20}, 2)};
  CHECK(bench.round() == 1);
  CHECK(bench.round() == 0);

  CHECK(bench.listed().size() == 1);
  CHECK(bench.listed()[0].verdict.days_left == 20);
}

TEST_CASE("two cores with different certificates do not mail in turns", "[certificates]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.set_mail_server();
  const auto one = bench.certificate(days{5}, 1);
  const auto other = bench.certificate(days{6}, 2);

  int mails = 0;
  for (int i = 0; i < 6; ++i) {
    bench.shown = {i % 2 == 0 ? one : other};
    mails += bench.round();
  }

  CHECK(mails == 2);
}

TEST_CASE("a warning waits for a mail server, and is in the trail meanwhile", "[certificates]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  bench.shown = {bench.certificate(days{5})};

  CHECK(bench.round() == 0);
  CHECK(bench.told() == 1);
  bench.set_mail_server();

  CHECK(bench.round() == 1);
  CHECK(bench.told() == 1);
}

TEST_CASE("an edge that does not answer keeps its certificate in the list, a removed one does not",
          "[certificates]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  struct NoTraffic final : edges::Traffic {
    bool takes(std::string_view) const override { return true; }
    Outcome settled(store::Transaction&, std::string_view, std::uint64_t, std::uint64_t,
                    std::span<const pushpull::Refused>) override {
      return {};
    }
    Outcome happened(store::Transaction&, std::string_view, const pushpull::Event&) override {
      return {};
    }
    Result<std::vector<pushpull::LiveMessage>> live(store::Transaction&,
                                                    std::string_view) override {
      return std::vector<pushpull::LiveMessage>{};
    }
    Outcome removed(store::Transaction&, std::string_view) override { return {}; }
    Result<Bytes> settings(store::Transaction&) override { return Bytes{}; }
  } traffic;
  bench.shown = {bench.certificate(days{60}, 1, bench.edge.id)};
  bench.round();
  bench.shown.clear();
  bench.round();

  const auto silent = bench.listed().size();
  REQUIRE(edges::remove(
      {bench.fresh.store(), *bench.keyring, *bench.audit, bench.clock, bench.random},
      *access::authorise(bench.actor, access::Action::edges_write), traffic, bench.edge.id));
  const auto removed = bench.listed().size();
  bench.round();

  CHECK(silent == 1);
  CHECK(removed == 0);
  CHECK(bench.listed().empty());
}

TEST_CASE("the root of a file is found among others, and nothing but certificates leaves it",
          "[certificates]") {
  const sp::testing::TemporaryFolder folder;
  const auto root = sp::testing::test_identity();
  const auto with_key =
      std::string{bytes::text(root.key_pem.expose())} + root.chain_pem + "trailing words\n";
  REQUIRE(config::write_file(folder / "ca.crt", bytes::of(with_key), 0600));
  REQUIRE(config::write_file(folder / "none.crt", bytes::of("nothing"), 0600));

  const auto read = read_root(folder / "ca.crt");
  const auto none = read_root(folder / "none.crt");
  const auto missing = read_root(folder / "missing.crt");

  REQUIRE(read);
  CHECK(read->pem == root.chain_pem);
  CHECK(read->facts.subject == "test");
  CHECK(none.error().code() == Code::invalid_input);
  CHECK(missing.error().code() == Code::not_found);
}

}  // namespace
}  // namespace sp::certificates
