#include "pushpull/ordering/identity.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/config/files.h"
#include "base/random/random.h"
#include "base/sqlite/writer.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "base/testing/temporary_folder.h"
#include "base/tls/request.h"

namespace sp::pushpull {
namespace {

const std::string name = "sallyport://link/edge/x";

struct Nobody final : ItemHandler {
  Outcome apply(sqlite::Database&, const Item& item) override {
    passed_on += item.kind + ";";
    return {};
  }
  Result<std::vector<Hash>> resync(sqlite::Database&) override { return std::vector<Hash>{}; }
  Result<std::uint64_t> holds(sqlite::Database&) override { return 0; }
  std::string passed_on;
};

// An authority that certifies whatever key it is shown.
std::string certify(EVP_PKEY& key, int days_to = 30) {
  const openssl::Pkey root{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  const openssl::Cert cert{::X509_new()};
  ::X509_set_version(cert.get(), X509_VERSION_3);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(cert.get()), 4711);
  ::X509_gmtime_adj(X509_getm_notBefore(cert.get()), -86400L * 40);
  ::X509_gmtime_adj(X509_getm_notAfter(cert.get()), 86400L * days_to);
  ::X509_set_pubkey(cert.get(), &key);
  ::X509_sign(cert.get(), root.get(), ::EVP_sha256());
  const openssl::Bio out{::BIO_new(::BIO_s_mem())};
  ::PEM_write_bio_X509(out.get(), cert.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

struct Bench {
  Bench() {
    OsRandom random;
    REQUIRE(writer.run([&](sqlite::Database& db) { return create_inbox(db, random); }));
  }
  Outcome apply(std::string_view kind, const Bytes& body) {
    return writer.run([&](sqlite::Database& db) {
      return identity.apply(db, Item{1, std::string{kind}, {}, body});
    });
  }
  std::string last() {
    std::vector<Event> out;
    REQUIRE(writer.run([&](sqlite::Database& db) -> Outcome {
      out = TRY(read_events(db, 0, 1U << 20U)).events;
      return {};
    }));
    const auto& event = out.back();
    return event.kind == kind::identity_refused ? decode_certificate_refused(event.body)->code
                                                : event.kind;
  }
  std::string request(const std::string& wanted, int number = 7) {
    REQUIRE(apply(kind::identity_request, encode(CertificateRequest{order(number), {wanted}})));
    return last();
  }
  std::string put(const std::string& chain, int number = 7) {
    REQUIRE(apply(kind::identity_put,
                  encode(CertificatePut{order(number), bytes::copy(bytes::of(chain))})));
    return last();
  }
  openssl::Pkey key(int number = 7) {
    return *tls::parse_key(*versions.pending_key(order(number)));
  }
  static OrderId order(int number) {
    OrderId out;
    out.fill(static_cast<std::byte>(number));
    return out;
  }

  testing::TemporaryFolder folder;
  testing::ManualClock clock{SystemClock{}.now()};
  sqlite::Writer writer{*sqlite::Database::open((folder / "edge.sqlite").string())};
  Nobody rest;
  int shown = 0;
  Outcome show{};
  Versions versions = Identity::versions_of(folder.path());
  Identity identity{rest, clock, folder.path(), [this] {
                      ++shown;
                      return show;
                    }};
};

}  // namespace

TEST_CASE("each identity has a key of its own, and stands beside the public certificate",
          "[ordering]") {
  Bench bench;

  CHECK(bench.request(name, 1) == "identity.requested");
  CHECK(bench.put(certify(*bench.key(1)), 1) == "identity.installed");
  CHECK(bench.request(name, 2) == "identity.requested");
  const auto second = bench.key(2);
  CHECK(bench.put(certify(*second), 2) == "identity.installed");

  CHECK(bench.shown == 2);
  CHECK(bench.versions.any());
  CHECK_FALSE(Versions{bench.folder.path()}.any());
  const auto live = *tls::parse_key(*config::read_secret_file(bench.versions.key()));
  CHECK(::EVP_PKEY_eq(live.get(), second.get()) == 1);
}

TEST_CASE("an identity that is wrong is refused, and nothing changes", "[ordering]") {
  Bench bench;
  CHECK(bench.request("portal.example") == "refused_names");
  CHECK(bench.request("sallyport://x,DNS:bank.example") == "refused_names");
  CHECK(bench.request(name) == "identity.requested");
  const openssl::Pkey other{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};

  CHECK(bench.put(certify(*other)) == "wrong_certificate");
  CHECK(bench.put(certify(*bench.key(), -1)) == "wrong_certificate");
  CHECK(bench.put("no certificate") == "wrong_certificate");
  CHECK(bench.put(certify(*bench.key()), 9) == "unknown_order");
  CHECK(bench.shown == 0);
  bench.show = Error{Code::invalid_input, "not shown"};
  CHECK(bench.put(certify(*bench.key())) == "wrong_certificate");
  CHECK_FALSE(bench.versions.any());
}

TEST_CASE("what is no identity's is handed on", "[ordering]") {
  Bench bench;

  REQUIRE(bench.apply(kind::certificate_request, encode(CertificateRequest{{}, {"a.example"}})));

  CHECK(bench.rest.passed_on == "certificate.request;");
}

}  // namespace sp::pushpull
