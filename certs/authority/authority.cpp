#include "certs/authority/authority.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/tls/certificate.h"

namespace sp::certs {
namespace {

using openssl::failure;
using BigNumber = openssl::Handle<BIGNUM, ::BN_free>;
using Extension = openssl::Handle<X509_EXTENSION, ::X509_EXTENSION_free>;

// Machines whose clock is a little behind accept it too.
constexpr std::chrono::hours clock_tolerance{1};

openssl::Bio memory() {
  return openssl::Bio{::BIO_new(::BIO_s_mem())};
}

std::string_view content_of(const openssl::Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Result<openssl::Pkey> new_key() {
  openssl::Pkey key{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  if (key == nullptr) return failure("make key");
  return key;
}

Result<std::string> pem_of(const X509& certificate) {
  const auto out = memory();
  if (::PEM_write_bio_X509(out.get(), &certificate) != 1) return failure("write certificate");
  return std::string{content_of(out)};
}

Result<Secret> pem_of(const openssl::Pkey& key) {
  const openssl::Bio out{::BIO_new(::BIO_s_secmem())};  // wiped when it goes
  if (::PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return failure("write key");
  return Secret::copy_of(bytes::of(content_of(out)));
}

/// 20 bytes, positive and not zero (RFC 5280 section 4.1.2.2).
Outcome set_serial(X509& certificate, Random& random) {
  auto serial = random.bytes<20>();
  serial[0] = (serial[0] & std::byte{0x7F}) | std::byte{0x40};
  const BigNumber number{::BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()),
                                     static_cast<int>(serial.size()), nullptr)};
  if (::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(&certificate)) == nullptr)
    return failure("set serial number");
  return {};
}

Outcome set_time(ASN1_TIME* field, Instant at) {
  const auto seconds = static_cast<std::time_t>(to_millis(at) / 1000);
  if (::ASN1_TIME_set(field, seconds) == nullptr) return failure("set time");
  return {};
}

Outcome add_extension(X509& certificate, const X509& issuer, int nid, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, const_cast<X509*>(&issuer), &certificate, nullptr, nullptr, 0);
  const Extension extension{::X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
  if (extension == nullptr || ::X509_add_ext(&certificate, extension.get(), -1) != 1)
    return failure("add extension " + std::string{::OBJ_nid2sn(nid)});
  return {};
}

Outcome set_common_name(X509& certificate, std::string_view name) {
  const auto* data = reinterpret_cast<const unsigned char*>(name.data());
  if (::X509_NAME_add_entry_by_NID(::X509_get_subject_name(&certificate), NID_commonName,
                                   MBSTRING_UTF8, data, static_cast<int>(name.size()), -1, 0) != 1)
    return failure("set name", Code::invalid_input);
  return {};
}

/// What both kinds have: version, serial number, times and key.
Result<openssl::Cert> blank(const openssl::Pkey& key, Instant from, Instant until, Random& random) {
  openssl::Cert certificate{::X509_new()};
  if (certificate == nullptr || ::X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      ::X509_set_pubkey(certificate.get(), key.get()) != 1)
    return failure("make certificate");
  TRY(set_serial(*certificate, random));
  TRY(set_time(X509_getm_notBefore(certificate.get()), from));
  TRY(set_time(X509_getm_notAfter(certificate.get()), until));
  return certificate;
}

Outcome sign(X509& certificate, const openssl::Pkey& key) {
  if (::X509_sign(&certificate, key.get(), ::EVP_sha256()) <= 0) return failure("sign certificate");
  return {};
}

std::string alternative_names(const std::vector<Host>& hosts, bool critical) {
  std::string all = critical ? "critical" : "";
  for (const auto& host : hosts) {
    if (!all.empty()) all += ",";
    all += (host.kind == Host::Kind::dns ? "DNS:" : "IP:") + host.text;
  }
  return all;
}

Outcome add_leaf_extensions(X509& leaf, const X509& issuer, const std::vector<Host>& hosts,
                            bool has_subject) {
  TRY(add_extension(leaf, issuer, NID_basic_constraints, "critical,CA:FALSE"));
  TRY(add_extension(leaf, issuer, NID_key_usage, "critical,digitalSignature"));
  TRY(add_extension(leaf, issuer, NID_ext_key_usage, "serverAuth"));
  TRY(add_extension(leaf, issuer, NID_subject_key_identifier, "hash"));
  TRY(add_extension(leaf, issuer, NID_authority_key_identifier, "keyid:always"));
  // RFC 5280 section 4.1.2.6: without a subject the alternative names must be critical.
  return add_extension(leaf, issuer, NID_subject_alt_name, alternative_names(hosts, !has_subject));
}

// OpenSSL would ask at the terminal for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

Result<openssl::Pkey> parse_key(const Secret& pem) {
  const auto view = pem.expose();
  const openssl::Bio in{::BIO_new_mem_buf(view.data(), static_cast<int>(view.size()))};
  openssl::Pkey key{::PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr)};
  if (key == nullptr) return failure("the key does not parse", Code::invalid_input);
  return key;
}

Outcome refuse_existing(const std::filesystem::path& path) {
  if (std::error_code error; !std::filesystem::exists(path, error) && !error) return {};
  return Error{Code::conflict, path.string() + " is there already"};
}

}  // namespace

Result<Authority> Authority::create(std::string_view name, Instant now, Random& random) {
  if (name.empty() || name.size() > 64 || !bytes::is_utf8(name))
    return Error{Code::invalid_input, "the name of an authority has 1 to 64 bytes of UTF-8"};
  auto key = TRY(new_key());
  auto certificate =
      TRY(blank(key, now - clock_tolerance, now - clock_tolerance + authority_life, random));
  TRY(set_common_name(*certificate, name));
  if (::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(certificate.get())) != 1)
    return failure("set issuer");
  TRY(add_extension(*certificate, *certificate, NID_basic_constraints,
                    "critical,CA:TRUE,pathlen:0"));
  TRY(add_extension(*certificate, *certificate, NID_key_usage, "critical,keyCertSign,cRLSign"));
  TRY(add_extension(*certificate, *certificate, NID_subject_key_identifier, "hash"));
  TRY(sign(*certificate, key));
  return Authority{std::move(certificate), std::move(key)};
}

Result<Authority> Authority::load(const std::filesystem::path& folder) {
  const auto pem = TRY(config::read_file(folder / "ca.crt"));
  auto certificate = TRY(tls::parse_certificate(bytes::text(pem)));
  const auto secret = TRY(config::read_secret_file(folder / "ca.key"));
  auto key = TRY(parse_key(secret).within((folder / "ca.key").string()));
  if (::X509_check_private_key(certificate.get(), key.get()) != 1)
    return failure((folder / "ca.key").string() + " does not belong to ca.crt beside it",
                   Code::invalid_input);
  if (::X509_check_ca(certificate.get()) != 1)
    return Error{Code::invalid_input, (folder / "ca.crt").string() + " is not an authority's"};
  return Authority{std::move(certificate), std::move(key)};
}

Outcome Authority::save(const std::filesystem::path& folder) const {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return Error{Code::unavailable, "cannot make " + folder.string() + ": " + error.message()};
  TRY(refuse_existing(folder / "ca.crt"));
  TRY(refuse_existing(folder / "ca.key"));
  const auto key = TRY(pem_of(key_));
  const auto certificate = TRY(pem_of(*certificate_));
  TRY(config::write_file(folder / "ca.key", key.expose(), 0600));
  return config::write_file(folder / "ca.crt", bytes::of(certificate), 0644);
}

Result<Issued> Authority::issue(const std::vector<Host>& hosts, Instant now, Random& random) const {
  if (hosts.empty()) return Error{Code::invalid_input, "a certificate needs at least one host"};
  const auto from = now - clock_tolerance;
  const auto until = std::min<Instant>(from + leaf_life, tls::not_after(*certificate_));
  if (until <= now)
    return Error{Code::expired,
                 "the authority expired on " + rfc3339(tls::not_after(*certificate_))};
  const auto key = TRY(new_key());
  const auto leaf = TRY(blank(key, from, until, random));
  const bool has_subject = hosts.front().text.size() <= 64;  // the most that a common name takes
  if (has_subject) TRY(set_common_name(*leaf, hosts.front().text));
  if (::X509_set_issuer_name(leaf.get(), ::X509_get_subject_name(certificate_.get())) != 1)
    return failure("set issuer");
  TRY(add_leaf_extensions(*leaf, *certificate_, hosts, has_subject));
  TRY(sign(*leaf, key_));
  const auto leaf_pem = TRY(pem_of(*leaf));
  const auto authority_pem = TRY(pem_of(*certificate_));
  return Issued{leaf_pem + authority_pem, TRY(pem_of(key))};
}

std::string Authority::certificate_pem() const {
  return pem_of(*certificate_).value_or("");
}

}  // namespace sp::certs
