#include "certs/acme/request.h"

#include <openssl/pem.h>

#include <algorithm>
#include <memory>

#include "base/tls/certificate.h"
#include "certs/authority/make.h"
#include "certs/authority/request.h"

namespace sp::acme {
namespace {

using openssl::failure;
using Request = openssl::Handle<X509_REQ, ::X509_REQ_free>;

Result<Bytes> der_of(const std::string& pem) {
  const openssl::Bio in{::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  const Request request{::PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr)};
  if (request == nullptr) return failure("read request");
  const int size = ::i2d_X509_REQ(request.get(), nullptr);
  if (size <= 0) return failure("write request");
  Bytes out(static_cast<std::size_t>(size));
  auto* at = reinterpret_cast<unsigned char*>(out.data());
  ::i2d_X509_REQ(request.get(), &at);
  return out;
}

}  // namespace

Result<Secret> new_certificate_key() {
  const openssl::Pkey key{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  if (key == nullptr) return failure("make key");
  return certs::pem_of(*key);
}

Result<Bytes> request_for(const std::vector<certs::Host>& hosts, const Secret& key_pem) {
  const auto key = TRY(certs::parse_key(key_pem, Secret{}));
  return der_of(TRY(certs::make_request(hosts, *key)));
}

Outcome check_issued(std::string_view chain_pem, const std::vector<certs::Host>& hosts,
                     const Secret& key_pem) {
  const auto key = TRY(certs::parse_key(key_pem, Secret{}));
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
