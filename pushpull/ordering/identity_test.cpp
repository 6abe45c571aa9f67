#include "pushpull/ordering/identity.h"

#include "base/config/files.h"
#include "pushpull/ordering/testing/bed.h"

namespace sp::pushpull {
namespace {

using testing::order;

const std::string name = "sallyport://link/edge/x";

std::string certify(EVP_PKEY& key, int days_to = 30) {
  return testing::certify(key, nullptr, days_to);
}

struct Bench : testing::Bed {
  Outcome apply(std::string_view kind, const Bytes& body) {
    return Bed::apply(identity, kind, body);
  }
  std::string last() {
    const auto event = events().back();
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

  Versions versions = Identity::versions_of(folder.path());
  Identity identity{rest, clock, folder.path(), [this] { return shows(); }};
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
