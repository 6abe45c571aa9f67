#include "certs/verify/second.h"

#include <mbedtls/oid.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#include <psa/crypto.h>

#include <array>
#include <cstdio>

namespace sp::certs::verify {
namespace {

class List {
 public:
  List() { ::mbedtls_x509_crt_init(&head_); }
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  ~List() { ::mbedtls_x509_crt_free(&head_); }
  mbedtls_x509_crt* get() { return &head_; }

  /// 0, or the library's error code.
  int add(const Certificate& one) {
    const auto der = one.view.der();
    return ::mbedtls_x509_crt_parse_der_with_ext_cb(
        &head_, reinterpret_cast<const unsigned char*>(der.data()), der.size(), 1, judge_extension,
        nullptr);
  }

 private:
  // Called for extensions that the library does not know. `judge` enforces name constraints and
  // policy constraints; any other critical one is refused, as RFC 5280 section 4.2 wants it.
  static int judge_extension(void*, const mbedtls_x509_crt*, const mbedtls_x509_buf* type,
                             int critical, const unsigned char*, const unsigned char*) {
    if (critical == 0) return 0;
    const auto name = der::oid_text(std::as_bytes(std::span{type->p, type->len}));
    const bool known = name == oid::name_constraints || name == oid::policy_constraints ||
                       name == oid::inhibit_any_policy;
    return known ? 0 : MBEDTLS_ERR_X509_INVALID_EXTENSIONS;
  }

  mbedtls_x509_crt head_{};
};

Instant instant_of(const mbedtls_x509_time& time) {
  const std::chrono::year_month_day date{std::chrono::year{time.year},
                                         std::chrono::month{static_cast<unsigned>(time.mon)},
                                         std::chrono::day{static_cast<unsigned>(time.day)}};
  return Instant{std::chrono::sys_days{date}} + std::chrono::hours{time.hour} +
         std::chrono::minutes{time.min} + std::chrono::seconds{time.sec};
}

// The library has no parameter for the moment, it asks the machine's clock: dates are judged here.
int judge_dates(void* context, mbedtls_x509_crt* one, int, std::uint32_t* flags) {
  const auto& question = *static_cast<const Question*>(context);
  *flags &= ~static_cast<std::uint32_t>(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
  if (!question.at) return 0;
  if (std::chrono::floor<std::chrono::seconds>(*question.at) > instant_of(one->valid_to))
    *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
  if (*question.at < instant_of(one->valid_from)) *flags |= MBEDTLS_X509_BADCERT_FUTURE;
  return 0;
}

std::string cannot_read(const Certificate& one, int code) {
  std::array<char, 16> hex{};
  std::snprintf(hex.data(), hex.size(), "-0x%04x", static_cast<unsigned>(-code));
  return "Mbed TLS cannot read \"" + name_text(one.view.subject) + "\" (" + hex.data() +
         "): some of its clients will not either";
}

std::string words(std::uint32_t flags) {
  std::array<char, 512> text{};
  const int size = ::mbedtls_x509_crt_verify_info(text.data(), text.size(), "", flags);
  std::string out{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  for (char& c : out)
    if (c == '\n') c = ' ';
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool serves_purpose(const mbedtls_x509_crt& leaf, const Question& question) {
  static constexpr std::array<char, 8> server{'\x2B', '\x06', '\x01', '\x05',
                                              '\x05', '\x07', '\x03', '\x01'};
  static constexpr std::array<char, 8> client{'\x2B', '\x06', '\x01', '\x05',
                                              '\x05', '\x07', '\x03', '\x02'};
  const auto& wanted = question.purpose == Purpose::server ? server : client;
  return ::mbedtls_x509_crt_check_extended_key_usage(&leaf, wanted.data(), wanted.size()) == 0;
}

/// The name that this version can compare; null leaves it to `judge`.
const char* comparable_host(const Question& question) {
  if (question.host.empty()) return nullptr;
#if MBEDTLS_VERSION_NUMBER < 0x03050000
  if (!address_bytes(question.host).empty()) return nullptr;
#endif
  return question.host.c_str();
}

}  // namespace

Opinion opinion_of_mbedtls(const Question& question, std::span<const Certificate* const> path) {
  if (::psa_crypto_init() != PSA_SUCCESS) return {false, "Mbed TLS does not start on this machine"};
  List chain;
  List roots;
  if (const int code = chain.add(question.leaf); code != 0)
    return {false, cannot_read(question.leaf, code)};
  // What it cannot read of the rest is as if it were not there: the verdict shows whether it
  // mattered.
  if (path.empty()) {
    for (const auto& one : question.intermediates) chain.add(one);
    for (const auto& one : *question.roots) roots.add(one);
  } else {
    for (const auto* one : path.subspan(1))
      if (const int code = (one == path.back() ? roots : chain).add(*one); code != 0)
        return {false, cannot_read(*one, code)};
    if (path.size() == 1) roots.add(*path.front());
  }
  std::uint32_t flags = 0;
  const int code = ::mbedtls_x509_crt_verify_with_profile(
      chain.get(), roots.get(), nullptr, &::mbedtls_x509_crt_profile_default,
      comparable_host(question), &flags, judge_dates, const_cast<Question*>(&question));
  if (code != 0 || flags != 0) return {false, "Mbed TLS refuses it: " + words(flags)};
  if (!serves_purpose(*chain.get(), question))
    return {false, "Mbed TLS refuses it: it is not for this purpose by its extended key usage"};
  return {true, "a path to a trusted root holds"};
}

}  // namespace sp::certs::verify
