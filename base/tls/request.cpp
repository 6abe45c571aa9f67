#include "base/tls/request.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace sp::tls {
namespace {

using openssl::failure;

void free_extensions(STACK_OF(X509_EXTENSION) * all) {
  sk_X509_EXTENSION_pop_free(all, ::X509_EXTENSION_free);
}
using Extensions = openssl::Handle<STACK_OF(X509_EXTENSION), free_extensions>;

Outcome add(const Extensions& all, int nid, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, nullptr, nullptr, nullptr, nullptr, 0);
  auto* extension = ::X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) return failure("make extension");
  if (sk_X509_EXTENSION_push(all.get(), extension) > 0) return {};
  ::X509_EXTENSION_free(extension);
  return failure("add extension");
}

Outcome add_subject(X509_REQ& request, const std::string& name) {
  if (name.empty()) return {};
  if (::X509_NAME_add_entry_by_NID(::X509_REQ_get_subject_name(&request), NID_commonName,
                                   MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(name.data()),
                                   static_cast<int>(name.size()), -1, 0) != 1)
    return failure("set name");
  return {};
}

Outcome add_extensions(X509_REQ& request, const std::string& names, const EVP_PKEY& key) {
  const Extensions all{sk_X509_EXTENSION_new_null()};
  const bool rsa = ::EVP_PKEY_get_base_id(&key) == EVP_PKEY_RSA;
  TRY(add(all, NID_subject_alt_name, names));
  TRY(add(all, NID_key_usage,
          rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature"));
  TRY(add(all, NID_ext_key_usage, "serverAuth"));
  if (::X509_REQ_add_extensions(&request, all.get()) != 1) return failure("add extensions");
  return {};
}

// OpenSSL would ask at the terminal.
int no_password(char*, int, int, void*) {
  return -1;
}

}  // namespace

Result<Secret> new_key() {
  const openssl::Pkey key{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  const openssl::Bio out{::BIO_new(::BIO_s_secmem())};  // wiped when it goes
  if (key == nullptr || ::PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0,
                                                        nullptr, nullptr) != 1)
    return failure("make key");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return Secret::copy_of(bytes::of(std::string_view{data, static_cast<std::size_t>(size)}));
}

Result<openssl::Pkey> parse_key(const Secret& pem) {
  const auto text = pem.expose();
  const openssl::Bio in{::BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  openssl::Pkey key{::PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr)};
  if (key == nullptr) return failure("read key", Code::invalid_input);
  return key;
}

Result<SigningRequest> signing_request(const std::string& common_name,
                                       const std::string& alternative_names, EVP_PKEY& key) {
  SigningRequest request{::X509_REQ_new()};
  if (request == nullptr || ::X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      ::X509_REQ_set_pubkey(request.get(), &key) != 1)
    return failure("make request");
  TRY(add_subject(*request, common_name));
  TRY(add_extensions(*request, alternative_names, key));
  if (::X509_REQ_sign(request.get(), &key, ::EVP_sha256()) <= 0) return failure("sign request");
  return request;
}

Result<Bytes> der_of(const X509_REQ& request) {
  const int size = ::i2d_X509_REQ(&request, nullptr);
  if (size <= 0) return failure("write request");
  Bytes out(static_cast<std::size_t>(size));
  auto* at = reinterpret_cast<unsigned char*>(out.data());
  ::i2d_X509_REQ(&request, &at);
  return out;
}

}  // namespace sp::tls
