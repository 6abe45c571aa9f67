#include "certs/authority/make.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "base/bytes/bytes.h"
#include "base/tls/certificate.h"

namespace sp::certs {
namespace {

using openssl::failure;
using BigNumber = openssl::Handle<BIGNUM, ::BN_free>;
using Extension = openssl::Handle<X509_EXTENSION, ::X509_EXTENSION_free>;
using GeneralNames = openssl::Handle<GENERAL_NAMES, ::GENERAL_NAMES_free>;

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
  // UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5).
  const auto seconds = static_cast<std::time_t>(to_millis(at) / 1000);
  if (::ASN1_TIME_set(field, seconds) == nullptr) return failure("set time");
  return {};
}

Outcome set_common_name(X509& certificate, std::string_view name) {
  const auto* data = reinterpret_cast<const unsigned char*>(name.data());
  if (::X509_NAME_add_entry_by_NID(::X509_get_subject_name(&certificate), NID_commonName,
                                   MBSTRING_UTF8, data, static_cast<int>(name.size()), -1, 0) != 1)
    return failure("set name", Code::invalid_input);
  return {};
}

/// Adds extensions to one certificate, remembering the issuer that some of them copy from.
class Extensions {
 public:
  Extensions(X509& certificate, const X509& issuer) : certificate_(certificate) {
    X509V3_set_ctx(&context_, const_cast<X509*>(&issuer), &certificate, nullptr, nullptr, 0);
  }
  Outcome add(int nid, const std::string& value) {
    const Extension extension{::X509V3_EXT_conf_nid(nullptr, &context_, nid, value.c_str())};
    if (extension == nullptr || ::X509_add_ext(&certificate_, extension.get(), -1) != 1)
      return failure("add extension " + std::string{::OBJ_nid2sn(nid)});
    return {};
  }

 private:
  X509& certificate_;
  X509V3_CTX context_{};
};

std::string basic_constraints(const Spec& spec, bool authority) {
  if (!authority) return "critical,CA:FALSE";
  if (!spec.path_length) return "critical,CA:TRUE";
  return "critical,CA:TRUE,pathlen:" + std::to_string(*spec.path_length);
}

std::string key_usage(const Rules& rules, const EVP_PKEY& key) {
  // TLS 1.2 clients may still encrypt a session key to an RSA key; no other kind can do that.
  const bool encipher = !rules.authority && ::EVP_PKEY_get_base_id(&key) == EVP_PKEY_RSA;
  return "critical," + std::string{rules.key_usage} + (encipher ? ",keyEncipherment" : "");
}

Outcome add_extensions(X509& certificate, const Spec& spec, const X509& issuer,
                       const EVP_PKEY& key) {
  const auto& what = rules(spec.profile);
  Extensions all{certificate, issuer};
  TRY(all.add(NID_basic_constraints, basic_constraints(spec, what.authority)));
  TRY(all.add(NID_key_usage, key_usage(what, key)));
  if (!what.extended.empty()) TRY(all.add(NID_ext_key_usage, std::string{what.extended}));
  TRY(all.add(NID_subject_key_identifier, "hash"));
  if (&issuer != &certificate) TRY(all.add(NID_authority_key_identifier, "keyid:always"));
  if (what.authority && !spec.constraints.any)
    TRY(all.add(NID_name_constraints, spec.constraints.extension()));
  const auto names = alternative_names(spec.hosts, spec.uri);
  if (names.empty()) return {};
  // RFC 5280 section 4.2.1.6: without a subject the alternative names must be critical.
  return all.add(NID_subject_alt_name, (spec.common_name.empty() ? "critical," : "") + names);
}

struct Asked {
  const Secret& password;
  bool was_asked = false;
};

// OpenSSL would ask at the terminal for the passphrase of an encrypted key.
int give_password(char* out, int size, int, void* user) {
  auto& asked = *static_cast<Asked*>(user);
  asked.was_asked = true;
  const auto password = asked.password.expose();
  if (password.empty() || password.size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(bytes::text(password), out);
  return static_cast<int>(password.size());
}

}  // namespace

std::string_view content_of(const openssl::Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Result<openssl::Cert> make_certificate(const Spec& spec, EVP_PKEY& key, const Signer* issuer,
                                       EVP_PKEY* signing_key, Random& random) {
  openssl::Cert certificate{::X509_new()};
  if (certificate == nullptr || ::X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      ::X509_set_pubkey(certificate.get(), &key) != 1)
    return failure("make certificate");
  TRY(set_serial(*certificate, random));
  TRY(set_time(X509_getm_notBefore(certificate.get()), spec.validity.from));
  TRY(set_time(X509_getm_notAfter(certificate.get()), spec.validity.until));
  if (!spec.common_name.empty()) TRY(set_common_name(*certificate, spec.common_name));
  const X509& above = issuer == nullptr ? *certificate : *issuer->certificate;
  if (::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(&above)) != 1)
    return failure("set issuer");
  TRY(add_extensions(*certificate, spec, above, key));
  if (::X509_sign(certificate.get(), signing_key, ::EVP_sha256()) <= 0)
    return failure("sign certificate");
  return certificate;
}

std::string common_name_of(const std::vector<Host>& hosts) {
  const auto found = std::ranges::find_if(hosts, [](const Host& host) {
    return host.kind == Host::Kind::dns && host.text.size() <= 64;
  });
  return found == hosts.end() ? "" : found->text;
}

std::string alternative_names(const std::vector<Host>& hosts, std::string_view uri) {
  std::string all;
  const auto add = [&](std::string_view kind, std::string_view text) {
    all += (all.empty() ? "" : ",") + std::string{kind} + ":" + std::string{text};
  };
  if (!uri.empty()) add("URI", uri);
  for (const auto& host : hosts) add(host.kind == Host::Kind::dns ? "DNS" : "IP", host.text);
  return all;
}

Result<std::vector<Host>> hosts_of(const X509& certificate) {
  std::vector<Host> hosts;
  for (const auto& name : tls::names(certificate)) hosts.push_back(TRY(Host::parse(name)));
  return hosts;
}

std::string uri_of(const X509& certificate) {
  const GeneralNames all{static_cast<GENERAL_NAMES*>(
      ::X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr))};
  for (int i = 0; all != nullptr && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type != GEN_URI) continue;
    const auto* text = name->d.uniformResourceIdentifier;
    return {reinterpret_cast<const char*>(::ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(::ASN1_STRING_length(text))};
  }
  return "";
}

std::string pem_of(const X509& certificate) {
  const openssl::Bio out{::BIO_new(::BIO_s_mem())};
  ensure(::PEM_write_bio_X509(out.get(), &certificate) == 1);  // fails without memory alone
  return std::string{content_of(out)};
}

Result<Secret> pem_of(const EVP_PKEY& key) {
  return pem_of(key, Secret{});
}

Result<Secret> pem_of(const EVP_PKEY& key, const Secret& password) {
  const openssl::Bio out{::BIO_new(::BIO_s_secmem())};  // wiped when it goes
  const auto text = bytes::text(password.expose());
  const auto* cipher = password.empty() ? nullptr : ::EVP_aes_256_cbc();
  if (::PEM_write_bio_PKCS8PrivateKey(out.get(), &key, cipher,
                                      password.empty() ? nullptr : text.data(),
                                      static_cast<int>(text.size()), nullptr, nullptr) != 1)
    return failure("write key");
  return Secret::copy_of(bytes::of(content_of(out)));
}

Result<openssl::Pkey> parse_key(const Secret& pem, const Secret& password) {
  const auto view = pem.expose();
  const openssl::Bio in{::BIO_new_mem_buf(view.data(), static_cast<int>(view.size()))};
  Asked asked{password};
  openssl::Pkey key{::PEM_read_bio_PrivateKey(in.get(), nullptr, give_password, &asked)};
  if (key != nullptr) return key;
  if (!asked.was_asked) return failure("the key does not parse", Code::invalid_input);
  static_cast<void>(failure("decrypt key"));  // empties the queue
  return Error{Code::unauthenticated,
               password.empty() ? "the key is encrypted; name the file with its password: "
                                  "--password-file FILE"
                                : "the password does not open the key"};
}

std::string serial_of(const X509& certificate) {
  const BigNumber number{::ASN1_INTEGER_to_BN(::X509_get0_serialNumber(&certificate), nullptr)};
  Bytes out(static_cast<std::size_t>(BN_num_bytes(number.get())));
  ::BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(out.data()));
  return bytes::hex(out);
}

}  // namespace sp::certs
