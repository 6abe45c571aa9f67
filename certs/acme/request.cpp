#include "certs/acme/request.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "base/tls/certificate.h"

namespace sp::acme {
namespace {

using openssl::failure;
using Request = openssl::Handle<X509_REQ, ::X509_REQ_free>;
struct FreeAll {
  void operator()(STACK_OF(X509_EXTENSION) * all) const {
    sk_X509_EXTENSION_pop_free(all, ::X509_EXTENSION_free);
  }
};
using Extensions = std::unique_ptr<STACK_OF(X509_EXTENSION), FreeAll>;

int no_passphrase(char*, int, int, void*) {
  return -1;
}

Result<openssl::Pkey> parse(const Secret& pem) {
  const auto view = pem.expose();
  const openssl::Bio in{::BIO_new_mem_buf(view.data(), static_cast<int>(view.size()))};
  openssl::Pkey key{::PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr)};
  if (key == nullptr) return failure("the certificate's key does not parse", Code::invalid_input);
  return key;
}

std::string alternative_names(const std::vector<certs::Host>& hosts) {
  std::string all;
  for (const auto& host : hosts)
    all += (all.empty() ? "" : ",") +
           ((host.kind == certs::Host::Kind::dns ? "DNS:" : "IP:") + host.text);
  return all;
}

Outcome add_names(X509_REQ& request, const std::vector<certs::Host>& hosts) {
  const Extensions extensions{sk_X509_EXTENSION_new_null()};
  openssl::Handle<X509_EXTENSION, ::X509_EXTENSION_free> names{::X509V3_EXT_conf_nid(
      nullptr, nullptr, NID_subject_alt_name, alternative_names(hosts).c_str())};
  if (extensions == nullptr || names == nullptr ||
      sk_X509_EXTENSION_push(extensions.get(), names.get()) <= 0)
    return failure("name the hosts in the request");
  static_cast<void>(names.release());  // now the stack's
  if (::X509_REQ_add_extensions(&request, extensions.get()) != 1)
    return failure("name the hosts in the request");
  return {};
}

}  // namespace

Result<Secret> new_certificate_key() {
  const openssl::Pkey key{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  const openssl::Bio out{::BIO_new(::BIO_s_secmem())};  // wiped when it goes
  if (key == nullptr || ::PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0,
                                                   nullptr, nullptr) != 1)
    return failure("make key");
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return Secret::copy_of(bytes::of({data, static_cast<std::size_t>(size)}));
}

Result<Bytes> request_for(const std::vector<certs::Host>& hosts, const Secret& key_pem) {
  const auto key = TRY(parse(key_pem));
  const Request request{::X509_REQ_new()};
  if (request == nullptr || ::X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      ::X509_REQ_set_pubkey(request.get(), key.get()) != 1)
    return failure("make request");
  TRY(add_names(*request, hosts));
  if (::X509_REQ_sign(request.get(), key.get(), ::EVP_sha256()) <= 0)
    return failure("sign request");
  unsigned char* raw = nullptr;
  const int size = ::i2d_X509_REQ(request.get(), &raw);
  if (size <= 0) return failure("write request");
  const std::unique_ptr<unsigned char, decltype([](unsigned char* data) { OPENSSL_free(data); })>
      der{raw};
  return bytes::copy(std::as_bytes(std::span{der.get(), static_cast<std::size_t>(size)}));
}

Outcome check_issued(std::string_view chain_pem, const std::vector<certs::Host>& hosts,
                     const Secret& key_pem) {
  const auto key = TRY(parse(key_pem));
  const auto leaf = TRY(tls::parse_certificate(chain_pem));
  if (::X509_check_private_key(leaf.get(), key.get()) != 1)
    return failure("the CA's certificate is for another key", Code::corrupt);
  const auto named = tls::names(*leaf);
  for (const auto& host : hosts)
    if (std::ranges::find(named, host.text) == named.end())
      return Error{Code::corrupt, "the CA's certificate is not for " + host.text};
  return {};
}

}  // namespace sp::acme
