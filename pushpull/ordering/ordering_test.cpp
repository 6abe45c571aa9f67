#include "pushpull/ordering/ordering.h"

#include <sys/stat.h>

#include "base/config/files.h"
#include "pushpull/ordering/testing/bed.h"

namespace sp::pushpull {
namespace {

using testing::certify;
using testing::order;

const std::string token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
const std::string answer = token + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
const std::string path = "/.well-known/acme-challenge/" + token;

struct Bench : testing::Bed {
  Bench() { start(); }
  void start() {
    ordering = std::move(*Ordering::open(writer, rest, clock, folder.path(), "portal.example",
                                         [this] { return shows(); }));
  }
  Outcome apply(std::string_view kind, const Bytes& body) {
    return Bed::apply(*ordering, kind, body);
  }
  Bytes request(std::vector<std::string> names, int number = 7) {
    REQUIRE(apply(kind::certificate_request,
                  encode(CertificateRequest{order(number), std::move(names)})));
    return events().back().body;
  }
  Outcome put(const std::string& chain, int number = 7) {
    return apply(kind::certificate_put,
                 encode(CertificatePut{order(number), bytes::copy(bytes::of(chain))}));
  }
  std::string last_refusal() {
    const auto last = events().back();
    if (last.kind != kind::certificate_refused) return "not refused: " + last.kind;
    return decode_certificate_refused(last.body).value().code;
  }
  openssl::Pkey key(int number = 7) {
    return *tls::parse_key(*Versions{folder.path()}.pending_key(order(number)));
  }

  std::unique_ptr<Ordering> ordering;
};

}  // namespace

TEST_CASE("a challenge is answered until it is removed or ends, also after a start", "[ordering]") {
  Bench bench;
  const auto put = encode(ChallengePut{token, answer, bench.clock.now() + Duration{60'000}});

  CHECK_FALSE(bench.ordering->answer(path));
  REQUIRE(bench.apply(kind::challenge_put, put));
  CHECK(bench.ordering->answer(path) == answer);
  CHECK_FALSE(bench.ordering->answer(path + "x"));
  CHECK_FALSE(bench.ordering->answer("/" + token));
  bench.start();
  CHECK(bench.ordering->answer(path) == answer);
  REQUIRE(bench.apply(kind::challenge_remove, encode(ChallengeRemove{token})));
  CHECK_FALSE(bench.ordering->answer(path));
  REQUIRE(bench.apply(kind::challenge_put, put));
  bench.clock.advance(Duration{60'001});
  CHECK_FALSE(bench.ordering->answer(path));
  CHECK(bench.apply(kind::challenge_put, put).error().code() == Code::expired);
}

TEST_CASE("the key is made once for an order, and stays", "[ordering]") {
  Bench bench;

  const auto first = decode_certificate_requested(bench.request({"portal.example"}));
  const auto key = bench.key();
  const auto again = decode_certificate_requested(bench.request({"portal.example"}));
  const auto again_key = bench.key();

  REQUIRE((first && again));
  CHECK(::EVP_PKEY_eq(key.get(), again_key.get()) == 1);
  const auto* der = reinterpret_cast<const unsigned char*>(first->csr.data());
  const tls::SigningRequest csr{
      ::d2i_X509_REQ(nullptr, &der, static_cast<long>(first->csr.size()))};
  REQUIRE(csr != nullptr);
  CHECK(::X509_REQ_verify(csr.get(), key.get()) == 1);
  struct stat state {};
  const auto file = bench.folder / "certificate/orders" / bytes::hex(order(7));
  REQUIRE(::stat(file.c_str(), &state) == 0);
  CHECK((state.st_mode & 0777) == 0600);
}

TEST_CASE("a request for another's name, or for what is no name, is refused", "[ordering]") {
  Bench bench;

  bench.request({"bank.example"});
  CHECK(bench.last_refusal() == "refused_names");
  bench.request({"portal.example", "a.example,DNS:b.example"});
  CHECK(bench.last_refusal() == "refused_names");
  bench.request({"*.example", "portal.example"});
  CHECK(bench.last_refusal() == "not refused: certificate.requested");
}

TEST_CASE("a chain is installed, the one before is kept, and older ones go", "[ordering]") {
  Bench bench;
  const Versions versions{bench.folder.path()};
  for (int number = 1; number <= 3; ++number) {
    bench.request({"portal.example"}, number);
    REQUIRE(bench.put(certify(*bench.key(number), "DNS:portal.example"), number));
    CHECK(bench.events().back().kind == kind::certificate_installed);
  }

  CHECK(bench.shown == 3);
  CHECK(versions.any());
  CHECK(std::filesystem::exists(bench.folder / "certificate/3/tls.key"));
  CHECK(std::filesystem::exists(bench.folder / "certificate/2/tls.key"));
  CHECK_FALSE(std::filesystem::exists(bench.folder / "certificate/1"));
  CHECK(std::filesystem::read_symlink(bench.folder / "certificate/live") == "3");
}

TEST_CASE("a chain that is wrong is refused, and nothing changes", "[ordering]") {
  Bench bench;
  bench.request({"portal.example", "www.portal.example"});
  const openssl::Pkey other{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  const auto key = bench.key();

  REQUIRE(bench.put(certify(*other, "DNS:portal.example,DNS:www.portal.example")));
  CHECK(bench.last_refusal() == "wrong_certificate");
  REQUIRE(bench.put(certify(*key, "DNS:portal.example")));
  CHECK(bench.last_refusal() == "wrong_certificate");
  REQUIRE(bench.put(certify(*key, "DNS:portal.example,DNS:www.portal.example", -1)));
  CHECK(bench.last_refusal() == "wrong_certificate");
  REQUIRE(bench.put("no certificate"));
  CHECK(bench.last_refusal() == "wrong_certificate");
  REQUIRE(bench.put(certify(*key, "DNS:portal.example"), 9));
  CHECK(bench.last_refusal() == "unknown_order");
  CHECK(bench.shown == 0);
  CHECK_FALSE(Versions{bench.folder.path()}.any());
  REQUIRE(bench.put(certify(*key, "DNS:portal.example,DNS:www.portal.example")));
  CHECK(bench.events().back().kind == kind::certificate_installed);
}

TEST_CASE("what the listener does not show is taken back", "[ordering]") {
  Bench bench;
  bench.request({"portal.example"});
  const auto chain = certify(*bench.key(), "DNS:portal.example");
  bench.show = Error{Code::invalid_input, "not shown"};

  REQUIRE(bench.put(chain));
  CHECK(bench.last_refusal() == "wrong_certificate");
  CHECK_FALSE(Versions{bench.folder.path()}.any());
  bench.show = {};
  REQUIRE(bench.put(chain));
  CHECK(bench.events().back().kind == kind::certificate_installed);
  CHECK(Versions{bench.folder.path()}.any());
}

TEST_CASE("other items are handed on", "[ordering]") {
  Bench bench;

  REQUIRE(bench.apply(kind::message_revoke, {}));

  CHECK(bench.rest.passed_on == "message.revoke;");
}

}  // namespace sp::pushpull
