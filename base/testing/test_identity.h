#pragma once
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <string>

#include "base/bytes/bytes.h"
#include "base/testing/catch.h"
#include "base/tls/context.h"

namespace sp::testing {

inline std::string taken_from(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

/// A self-signed certificate for 127.0.0.1 and localhost (or `for_names`, as OpenSSL writes them),
/// from `days_from` to `days_to` days from today.
inline tls::Identity test_identity(int days_from = -1, int days_to = 30,
                                   const char* for_names = "IP:127.0.0.1,DNS:localhost") {
  const openssl::Pkey key{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  const openssl::Cert cert{::X509_new()};
  REQUIRE(key != nullptr);
  ::X509_set_version(cert.get(), X509_VERSION_3);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(cert.get()), 4711);
  ::X509_gmtime_adj(X509_getm_notBefore(cert.get()), 86400L * days_from);
  ::X509_gmtime_adj(X509_getm_notAfter(cert.get()), 86400L * days_to);
  ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  ::X509_set_issuer_name(cert.get(), ::X509_get_subject_name(cert.get()));
  ::X509_set_pubkey(cert.get(), key.get());
  X509_EXTENSION* names =
      ::X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, for_names);
  ::X509_add_ext(cert.get(), names, -1);
  ::X509_EXTENSION_free(names);
  REQUIRE(::X509_sign(cert.get(), key.get(), ::EVP_sha256()) > 0);

  const openssl::Bio cert_pem{::BIO_new(::BIO_s_mem())};
  const openssl::Bio key_pem{::BIO_new(::BIO_s_mem())};
  REQUIRE(::PEM_write_bio_X509(cert_pem.get(), cert.get()) == 1);
  REQUIRE(::PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                     nullptr) == 1);
  return {taken_from(cert_pem.get()), Secret::copy_of(bytes::of(taken_from(key_pem.get())))};
}

}  // namespace sp::testing
