#include "pushpull/items/certificates.h"

#include "base/testing/catch.h"
#include "pushpull/items/canonical_fixture.h"

namespace sp::pushpull {
namespace {

const std::string token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
const std::string thumbprint = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

OrderId order() {
  OrderId out;
  out.fill(std::byte{7});
  return out;
}
bool puts(const std::string& name, const std::string& answer) {
  return decode_challenge_put(encode(ChallengePut{name, answer, from_millis(5)})).has_value();
}
bool requests(std::vector<std::string> names) {
  return decode_certificate_request(encode(CertificateRequest{order(), std::move(names)}))
      .has_value();
}

}  // namespace

TEST_CASE("what orders a certificate survives its encoding", "[items]") {
  const auto put =
      decode_challenge_put(encode(ChallengePut{token, token + "." + thumbprint, from_millis(5)}));
  const auto request = decode_certificate_request(
      encode(CertificateRequest{order(), {"portal.example", "*.portal.example", "192.0.2.7"}}));
  const auto chain = decode_certificate_put(encode(CertificatePut{order(), Bytes(9)}));
  const auto requested =
      decode_certificate_requested(encode(CertificateRequested{order(), Bytes(8)}));
  const auto refused =
      decode_certificate_refused(encode(CertificateRefused{order(), "wrong_certificate"}));

  CHECK(put.value().answer == token + "." + thumbprint);
  CHECK(put->expires_at == from_millis(5));
  CHECK(request.value().names.at(1) == "*.portal.example");
  CHECK(request->order == order());
  CHECK(chain.value().chain.size() == 9);
  CHECK(requested.value().csr.size() == 8);
  CHECK(refused.value().code == "wrong_certificate");
}

TEST_CASE("a token that could be a path, or an answer that could be a page, is refused",
          "[items]") {
  CHECK(puts(token, token + "." + thumbprint));
  CHECK_FALSE(puts("../../../../etc/passwd", "../../../../etc/passwd." + thumbprint));
  CHECK_FALSE(puts("short", "short." + thumbprint));
  CHECK_FALSE(
      puts(std::string(most_token + 1, 'a'), std::string(most_token + 1, 'a') + "." + thumbprint));
  CHECK_FALSE(puts(token, thumbprint + "." + thumbprint));
  CHECK_FALSE(puts(token, token + ".<script>alert(1)</script>aaaaaaaaaaaaaaaaaa"));
  CHECK_FALSE(puts(token, token + "." + thumbprint + "a"));
  CHECK_FALSE(decode_challenge_remove(encode(ChallengeRemove{"a/b"})).has_value());
}

TEST_CASE("what is beyond the limits of an order is refused", "[items]") {
  CHECK_FALSE(requests({}));
  CHECK_FALSE(requests({""}));
  CHECK_FALSE(requests({std::string(most_order_name + 1, 'a')}));
  CHECK_FALSE(requests(std::vector<std::string>(most_order_names + 1, "a.example")));
  CHECK(requests(std::vector<std::string>(most_order_names, "a.example")));
  CHECK_FALSE(decode_certificate_put(encode(CertificatePut{order(), Bytes(most_chain + 1)})));
  CHECK_FALSE(decode_certificate_put(encode(CertificatePut{order(), {}})));
  CHECK_FALSE(
      decode_certificate_requested(encode(CertificateRequested{order(), Bytes(most_request + 1)})));
  CHECK_FALSE(
      decode_certificate_refused(encode(CertificateRefused{order(), std::string(65, 'a')})));
}

TEST_CASE("items and events of certificates have one form", "[items]") {
  const auto put = encode(ChallengePut{token, token + "." + thumbprint, from_millis(5)});
  const auto request = encode(CertificateRequest{order(), {"portal.example"}});
  const auto installed = encode(CertificateInstalled{order(), Hash{}});

  CHECK(not_canonical(put, decode_challenge_put) == 0);
  CHECK(accepted_cuts(put, decode_challenge_put) == 0);
  CHECK(not_canonical(request, decode_certificate_request) == 0);
  CHECK(accepted_cuts(request, decode_certificate_request) == 0);
  CHECK(not_canonical(installed, decode_certificate_installed) == 0);
  CHECK(accepted_cuts(installed, decode_certificate_installed) == 0);
}

}  // namespace sp::pushpull
