#include "base/tls/certificate.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace sp::tls {
namespace {

using GeneralNames = openssl::Handle<GENERAL_NAMES, ::GENERAL_NAMES_free>;

openssl::Bio reading(std::string_view text) {
  return openssl::Bio{::BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

Instant instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (::ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return from_millis(std::int64_t{::timegm(&parts)} * 1000);
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ::ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ::ASN1_STRING_length(address) != 16) return "?";
  ::inet_ntop(family, ::ASN1_STRING_get0_data(address), text.data(), text.size());
  return text.data();
}

std::optional<std::string> text_of(const GENERAL_NAME* name) {
  if (name->type == GEN_IPADD) return address_text(name->d.iPAddress);
  if (name->type != GEN_DNS) return std::nullopt;
  const auto* data = ::ASN1_STRING_get0_data(name->d.dNSName);
  return std::string{reinterpret_cast<const char*>(data),
                     static_cast<std::size_t>(::ASN1_STRING_length(name->d.dNSName))};
}

// At most 200 characters: it goes over the wire and into lists.
std::string shown_name(const X509_NAME* name) {
  constexpr std::size_t most = 200;
  const int at = ::X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  unsigned char* text = nullptr;
  const int size = at < 0 ? -1
                          : ::ASN1_STRING_to_UTF8(
                                &text, ::X509_NAME_ENTRY_get_data(::X509_NAME_get_entry(name, at)));
  if (size >= 0) {
    std::string common{reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
    ::OPENSSL_free(text);
    if (common.size() <= most && common.find('\0') == std::string::npos) return common;
  }
  std::array<char, most + 1> line{};
  ::X509_NAME_oneline(name, line.data(), static_cast<int>(line.size()));
  return line.data();
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (out.ends_with('.')) out.pop_back();
  return out;
}

// An address in its one text form; nothing when it is none.
std::optional<std::string> canonical_address(const std::string& text) {
  std::array<unsigned char, 16> raw{};
  std::array<char, INET6_ADDRSTRLEN> out{};
  for (const int family : {AF_INET, AF_INET6})
    if (::inet_pton(family, text.c_str(), raw.data()) == 1)
      return ::inet_ntop(family, raw.data(), out.data(), out.size());
  return std::nullopt;
}

bool matches(const std::string& pattern, const std::string& host) {
  if (!pattern.starts_with("*.")) return pattern == host;
  const auto dot = host.find('.');
  return dot != std::string::npos && dot > 0 && host.substr(dot) == pattern.substr(1);
}

// The pin lives in the context, and goes with it.
void free_pin(void*, void* pin, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<openssl::Digest*>(pin);
}

int pin_slot() {
  static const int slot = ::SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_pin);
  return slot;
}

int check_pin(X509_STORE_CTX* store, void* pin) {
  const X509* leaf = ::X509_STORE_CTX_get0_cert(store);
  const bool good = leaf != nullptr && spki_pin(*leaf) == *static_cast<openssl::Digest*>(pin);
  ::X509_STORE_CTX_set_error(store, good ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
  return good ? 1 : 0;
}

}  // namespace

Result<std::vector<openssl::Cert>> parse_chain(std::string_view pem) {
  const auto source = reading(pem);
  std::vector<openssl::Cert> chain;
  while (openssl::Cert next{::PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)})
    chain.push_back(std::move(next));
  auto end = openssl::failure("read certificate", Code::invalid_input);  // "no start line", always
  if (chain.empty()) return end;
  return chain;
}

Result<openssl::Cert> parse_certificate(std::string_view pem) {
  auto chain = TRY(parse_chain(pem));
  return std::move(chain.front());
}

Result<Bytes> der_of(const X509& certificate) {
  unsigned char* der = nullptr;
  const int size = ::i2d_X509(&certificate, &der);
  if (size <= 0) return openssl::failure("write certificate");
  const auto* first = reinterpret_cast<const std::byte*>(der);
  Bytes out{first, first + size};
  ::OPENSSL_free(der);
  return out;
}

Result<openssl::Cert> parse_der(BytesView der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = at + der.size();
  openssl::Cert out{::d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (out == nullptr || at != end) return openssl::failure("read certificate", Code::invalid_input);
  return out;
}

openssl::Digest spki_pin(const X509& certificate) {
  unsigned char* der = nullptr;
  const int size = ::i2d_X509_PUBKEY(::X509_get_X509_PUBKEY(&certificate), &der);
  ensure(size > 0);
  const auto pin = openssl::sha256(
      BytesView{reinterpret_cast<const std::byte*>(der), static_cast<std::size_t>(size)});
  ::OPENSSL_free(der);
  return pin;
}

Instant not_before(const X509& certificate) {
  return instant_of(::X509_get0_notBefore(&certificate));
}

Instant not_after(const X509& certificate) {
  return instant_of(::X509_get0_notAfter(&certificate));
}

std::vector<std::string> names(const X509& certificate) {
  const GeneralNames all{static_cast<GENERAL_NAMES*>(
      ::X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr))};
  std::vector<std::string> found;
  if (all == nullptr) return found;
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i)
    if (auto text = text_of(sk_GENERAL_NAME_value(all.get(), i))) found.push_back(*text);
  return found;
}

bool covers(const std::vector<std::string>& names, std::string_view host) {
  const auto wanted = lower(host);
  if (const auto address = canonical_address(wanted))
    return std::find(names.begin(), names.end(), *address) != names.end();
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return matches(lower(name), wanted); });
}

std::string host_of(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return {};
  url.remove_prefix(scheme.size());
  if (url.starts_with('[')) return std::string{url.substr(1, url.find(']') - 1)};
  return std::string{url.substr(0, url.find_first_of(":/?#"))};
}

Facts facts(const X509& certificate) {
  Facts out;
  out.names = names(certificate);
  out.subject = shown_name(::X509_get_subject_name(&certificate));
  out.issuer = shown_name(::X509_get_issuer_name(&certificate));
  out.not_before = not_before(certificate);
  out.not_after = not_after(certificate);
  unsigned size = 0;
  ensure(::X509_digest(&certificate, ::EVP_sha256(),
                       reinterpret_cast<unsigned char*>(out.fingerprint.data()), &size) == 1 &&
         size == out.fingerprint.size());
  out.pin = spki_pin(certificate);
  return out;
}

Outcome require_pin(SSL_CTX* context, const openssl::Digest& pin) {
  auto kept = std::make_unique<openssl::Digest>(pin);
  if (::SSL_CTX_set_ex_data(context, pin_slot(), kept.get()) != 1)
    return openssl::failure("keep pin");
  ::SSL_CTX_set_cert_verify_callback(context, check_pin, kept.release());
  ::SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return {};
}

}  // namespace sp::tls
