#pragma once
// For tests: certificates with exactly the extensions, keys and dates that a test wants.

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <string>
#include <vector>

#include "base/openssl/handle.h"
#include "base/testing/catch.h"
#include "certs/x509/pem.h"

namespace sp::certs::workshop {

/// "basicConstraints" and "critical,CA:TRUE", as in OpenSSL's configuration files.
using Extensions = std::vector<std::pair<std::string, std::string>>;

struct Made {
  openssl::Cert x509;
  openssl::Pkey key;
  [[nodiscard]] Bytes der() const {
    unsigned char* data = nullptr;
    const int size = ::i2d_X509(x509.get(), &data);
    REQUIRE(size > 0);
    const auto copy = bytes::copy(std::as_bytes(std::span{data, static_cast<std::size_t>(size)}));
    ::OPENSSL_free(data);
    return copy;
  }
  [[nodiscard]] std::string pem() const { return pem_certificate(der()); }
  [[nodiscard]] std::string key_pem() const {
    const openssl::Bio out{::BIO_new(::BIO_s_mem())};
    REQUIRE(::PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                       nullptr) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }
};

struct Plan {
  std::string name;  ///< common name; empty for none
  Extensions extensions;
  const Made* issuer = nullptr;    ///< null: itself
  const Made* same_key = nullptr;  ///< null: a new P-256 key
  std::string from = "20260101000000Z";
  std::string until = "20260301000000Z";
  long serial = 0x1234567890;
};

inline Made make(const Plan& plan) {
  Made made{openssl::Cert{::X509_new()}, {}};
  if (plan.same_key != nullptr) {
    made.key.reset(plan.same_key->key.get());
    ::EVP_PKEY_up_ref(plan.same_key->key.get());
  } else {
    made.key.reset(::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  }
  auto* x509 = made.x509.get();
  ::X509_set_version(x509, X509_VERSION_3);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(x509), plan.serial);
  REQUIRE(::ASN1_TIME_set_string_X509(X509_getm_notBefore(x509), plan.from.c_str()) == 1);
  REQUIRE(::ASN1_TIME_set_string_X509(X509_getm_notAfter(x509), plan.until.c_str()) == 1);
  if (!plan.name.empty())
    ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(plan.name.c_str()), -1, -1,
                                 0);
  const auto& issuer = plan.issuer == nullptr ? made : *plan.issuer;
  ::X509_set_issuer_name(x509, ::X509_get_subject_name(issuer.x509.get()));
  ::X509_set_pubkey(x509, made.key.get());
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer.x509.get(), x509, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  for (const auto& [type, value] : plan.extensions) {
    X509_EXTENSION* extension = ::X509V3_EXT_conf(nullptr, &context, type.c_str(), value.c_str());
    REQUIRE(extension != nullptr);
    ::X509_add_ext(x509, extension, -1);
    ::X509_EXTENSION_free(extension);
  }
  REQUIRE(::X509_sign(x509, issuer.key.get(), ::EVP_sha256()) > 0);
  return made;
}

/// A sound root of its own; `more` is added to it.
inline Made root(const std::string& name = "Test root", const Extensions& more = {}) {
  Extensions all{{"basicConstraints", "critical,CA:TRUE"},
                 {"keyUsage", "critical,keyCertSign,cRLSign"},
                 {"subjectKeyIdentifier", "hash"}};
  all.insert(all.end(), more.begin(), more.end());
  return make({.name = name, .extensions = all, .until = "20360101000000Z"});
}

inline Made intermediate(const Made& issuer, const std::string& name = "Test intermediate",
                         const Extensions& more = {}) {
  Extensions all{{"basicConstraints", "critical,CA:TRUE,pathlen:0"},
                 {"keyUsage", "critical,keyCertSign,cRLSign"},
                 {"subjectKeyIdentifier", "hash"},
                 {"authorityKeyIdentifier", "keyid"}};
  all.insert(all.end(), more.begin(), more.end());
  return make({.name = name, .extensions = all, .issuer = &issuer, .until = "20290101000000Z"});
}

/// A sound server certificate's extensions, for `names` as OpenSSL writes them: "DNS:a.example".
inline Extensions server_extensions(const std::string& names) {
  return {{"basicConstraints", "critical,CA:FALSE"}, {"keyUsage", "critical,digitalSignature"},
          {"extendedKeyUsage", "serverAuth"},        {"subjectKeyIdentifier", "hash"},
          {"authorityKeyIdentifier", "keyid"},       {"subjectAltName", names}};
}

inline Made leaf(const Made& issuer, const std::string& names = "DNS:site.example",
                 const std::string& until = "20260301000000Z") {
  return make({.name = "site.example",
               .extensions = server_extensions(names),
               .issuer = &issuer,
               .until = until});
}

}  // namespace sp::certs::workshop
