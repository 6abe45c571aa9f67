#include "certs/acme/renewal.h"

#include <openssl/x509v3.h>

#include <algorithm>

#include "certs/authority/renewal.h"

namespace sp::acme {
namespace {

constexpr std::chrono::hours first_back_off{1};
constexpr std::chrono::hours last_back_off{24};
using Der =
    std::unique_ptr<unsigned char, decltype([](unsigned char* data) { OPENSSL_free(data); })>;

std::string encoded(const unsigned char* data, int size) {
  return bytes::base64url(std::as_bytes(std::span{data, static_cast<std::size_t>(size)}));
}

Duration part_of(Duration whole, double part) {
  return Duration{static_cast<Duration::rep>(static_cast<double>(whole.count()) * part)};
}

}  // namespace

Instant renewal_without_advice(const Life& life, double part) {
  return certs::renewal_due(life.from, life.until) - part_of((life.until - life.from) / 20, part);
}

Instant point_in(const Window& window, double part) {
  return window.start + part_of(window.end - window.start, part);
}

Duration back_off(unsigned failures, Duration left) {
  if (failures == 0) return Duration{0};
  const Duration grown = first_back_off * (1U << std::min(failures - 1, 8U));
  return std::clamp<Duration>(left / 3, Duration{0}, std::min<Duration>(grown, last_back_off));
}

Result<std::string> renewal_id(const X509& certificate) {
  const auto* issuer = ::X509_get0_authority_key_id(const_cast<X509*>(&certificate));
  if (issuer == nullptr || ::ASN1_STRING_length(issuer) == 0)
    return Error{Code::not_found, "the certificate does not name its issuer's key"};
  // The content octets: what follows tag and length, which is short for at most 21 bytes.
  unsigned char* raw = nullptr;
  const int size = ::i2d_ASN1_INTEGER(::X509_get0_serialNumber(&certificate), &raw);
  const Der der{raw};
  if (size < 3 || der.get()[1] > 0x7F) return openssl::failure("read serial number");
  return encoded(::ASN1_STRING_get0_data(issuer), ::ASN1_STRING_length(issuer)) + "." +
         encoded(der.get() + 2, size - 2);
}

Result<std::optional<Window>> ask_window(Session& session, const std::string& id) {
  const auto directory = TRY(session.directory());
  if (directory.renewal_info.empty()) return std::optional<Window>{};
  const auto answer = TRY(session.get(directory.renewal_info + "/" + id, "ask when to renew"));
  return std::optional{TRY(decode_window(answer.body))};
}

double random_part(Random& random) {
  constexpr std::uint64_t steps = 1U << 30U;
  return static_cast<double>(random.below(steps)) / static_cast<double>(steps - 1);
}

}  // namespace sp::acme
