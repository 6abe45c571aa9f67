#include "certs/authority/revocation.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "base/bytes/bytes.h"
#include "base/config/files.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;
using openssl::failure;
using Crl = openssl::Handle<X509_CRL, ::X509_CRL_free>;
using Revoked = openssl::Handle<X509_REVOKED, ::X509_REVOKED_free>;
using Integer = openssl::Handle<ASN1_INTEGER, ::ASN1_INTEGER_free>;
using Enumerated = openssl::Handle<ASN1_ENUMERATED, ::ASN1_ENUMERATED_free>;
using Time = openssl::Handle<ASN1_TIME, ::ASN1_TIME_free>;
using BigNumber = openssl::Handle<BIGNUM, ::BN_free>;
using Extension = openssl::Handle<X509_EXTENSION, ::X509_EXTENSION_free>;

// RFC 5280 section 5.3.1 numbers them.
struct Reason {
  std::string_view name;
  long number;
};
constexpr std::array reasons{Reason{"unspecified", 0}, Reason{"keyCompromise", 1},
                             Reason{"superseded", 4}, Reason{"cessationOfOperation", 5}};
constexpr std::array names{reasons[0].name, reasons[1].name, reasons[2].name, reasons[3].name};

Time time_of(Instant at) {
  return Time{::ASN1_TIME_set(nullptr, static_cast<std::time_t>(to_millis(at) / 1000))};
}

bool is_serial(std::string_view text) {
  return !text.empty() && text.size() <= 40 && bytes::from_hex(text);
}

std::string line_of(const Revocation& one) {
  return one.serial + " " + rfc3339(one.at) + " " + one.reason + "\n";
}

Result<Revocation> parse_line(const std::string& line) {
  std::istringstream words{line};
  Revocation one;
  std::string at;
  words >> one.serial >> at >> one.reason;
  one.at = TRY(parse_rfc3339(at));
  if (!is_serial(one.serial) || std::ranges::find(names, one.reason) == names.end())
    return Error{Code::corrupt, "a line is damaged"};
  return one;
}

Result<Crl> read_crl(const fs::path& path) {
  const auto pem = TRY(config::read_file(path, 1 << 24));
  const openssl::Bio in{::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  Crl crl{::PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr)};
  if (crl == nullptr) return failure(path.string() + " is not a list", Code::corrupt);
  return crl;
}

/// One more than the last one's.
Result<Integer> next_number(const fs::path& path) {
  Integer number{::ASN1_INTEGER_new()};
  ::ASN1_INTEGER_set(number.get(), 1);
  const auto before = read_crl(path);
  if (!before && before.error().code() == Code::not_found) return number;
  if (!before) return Error{before.error()};
  const Integer last{static_cast<ASN1_INTEGER*>(
      ::X509_CRL_get_ext_d2i(before->get(), NID_crl_number, nullptr, nullptr))};
  if (last == nullptr) return number;
  const BigNumber value{::ASN1_INTEGER_to_BN(last.get(), nullptr)};
  if (value == nullptr || ::BN_add_word(value.get(), 1) != 1 ||
      ::BN_to_ASN1_INTEGER(value.get(), number.get()) == nullptr)
    return failure("count lists");
  return number;
}

Outcome add(X509_CRL& crl, const Revocation& one) {
  Revoked entry{::X509_REVOKED_new()};
  BIGNUM* raw = nullptr;
  ::BN_hex2bn(&raw, one.serial.c_str());
  const BigNumber value{raw};
  const Integer serial{::BN_to_ASN1_INTEGER(value.get(), nullptr)};
  const auto at = time_of(one.at);
  if (serial == nullptr || ::X509_REVOKED_set_serialNumber(entry.get(), serial.get()) != 1 ||
      ::X509_REVOKED_set_revocationDate(entry.get(), at.get()) != 1)
    return failure("add to list");
  // RFC 5280 section 5.3.1: "unspecified" is said by saying nothing.
  const auto reason = std::ranges::find(reasons, one.reason, &Reason::name);
  if (reason->number != 0) {
    const Enumerated code{::ASN1_ENUMERATED_new()};
    ::ASN1_ENUMERATED_set(code.get(), reason->number);
    if (::X509_REVOKED_add1_ext_i2d(entry.get(), NID_crl_reason, code.get(), 0, 0) != 1)
      return failure("add reason");
  }
  if (::X509_CRL_add0_revoked(&crl, entry.get()) != 1) return failure("add to list");
  static_cast<void>(entry.release());
  return {};
}

Outcome add_extensions(X509_CRL& crl, const Signer& issuer, ASN1_INTEGER* number) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer.certificate.get(), nullptr, nullptr, &crl, 0);
  const Extension authority{
      ::X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always")};
  if (authority == nullptr || ::X509_CRL_add_ext(&crl, authority.get(), -1) != 1 ||
      ::X509_CRL_add1_ext_i2d(&crl, NID_crl_number, number, 0, 0) != 1)
    return failure("add extensions to list");
  return {};
}

}  // namespace

std::span<const std::string_view> revocation_reasons() {
  return names;
}

Result<std::vector<Revocation>> read_revoked(const fs::path& folder) {
  const auto path = folder / "revoked";
  const auto content = config::read_file(path, 1 << 24);
  if (!content && content.error().code() == Code::not_found) return std::vector<Revocation>{};
  if (!content) return Error{content.error()};
  std::istringstream lines{std::string{bytes::text(*content)}};
  std::vector<Revocation> all;
  for (std::string line; std::getline(lines, line);)
    all.push_back(TRY(parse_line(line).within(path.string())));
  return all;
}

Outcome revoke(const fs::path& folder, const Revocation& revocation) {
  if (!is_serial(revocation.serial))
    return Error{Code::invalid_input, "a serial number is hexadecimal; give it or the certificate"};
  if (std::ranges::find(names, revocation.reason) == names.end())
    return Error{Code::invalid_input,
                 "the reason is unspecified, keyCompromise, superseded or cessationOfOperation"};
  auto all = TRY(read_revoked(folder));
  if (std::ranges::find(all, revocation.serial, &Revocation::serial) != all.end()) return {};
  all.push_back(revocation);
  std::string content;
  for (const auto& one : all) content += line_of(one);
  return config::write_file(folder / "revoked", bytes::of(content), 0644);
}

Outcome write_crl(const fs::path& folder, const Signer& issuer, Instant now) {
  if (issuer.key == nullptr) return Error{Code::not_found, "the key that signs lists is put away"};
  const auto path = folder / "ca.crl";
  const auto number = TRY(next_number(path));
  const Crl crl{::X509_CRL_new()};
  if (crl == nullptr || ::X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) != 1 ||
      ::X509_CRL_set_issuer_name(crl.get(), ::X509_get_subject_name(issuer.certificate.get())) !=
          1 ||
      ::X509_CRL_set1_lastUpdate(crl.get(), time_of(now).get()) != 1 ||
      ::X509_CRL_set1_nextUpdate(crl.get(), time_of(now + crl_life).get()) != 1)
    return failure("make list");
  for (const auto& one : TRY(read_revoked(folder))) TRY(add(*crl, one));
  TRY(add_extensions(*crl, issuer, number.get()));
  if (::X509_CRL_sort(crl.get()) != 1 ||
      ::X509_CRL_sign(crl.get(), issuer.key.get(), ::EVP_sha256()) <= 0)
    return failure("sign list");
  const openssl::Bio out{::BIO_new(::BIO_s_mem())};
  if (::PEM_write_bio_X509_CRL(out.get(), crl.get()) != 1) return failure("write list");
  return config::write_file(path, bytes::of(content_of(out)), 0644);
}

}  // namespace sp::certs
