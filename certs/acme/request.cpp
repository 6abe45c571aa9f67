#include "certs/acme/request.h"

#include <algorithm>

#include "base/tls/certificate.h"
#include "base/tls/request.h"
#include "certs/authority/make.h"

namespace sp::acme {

Result<Secret> new_certificate_key() {
  return tls::new_key();
}

Result<Bytes> request_for(const std::vector<certs::Host>& hosts, const Secret& key_pem) {
  const auto key = TRY(tls::parse_key(key_pem));
  const auto request = TRY(
      tls::signing_request(certs::common_name_of(hosts), certs::alternative_names(hosts), *key));
  return tls::der_of(*request);
}

Outcome check_issued(std::string_view chain_pem, const std::vector<certs::Host>& hosts,
                     const Secret& key_pem) {
  const auto key = TRY(certs::parse_key(key_pem, Secret{}));
  return check_issued(chain_pem, hosts, *key);
}

Outcome check_issued(std::string_view chain_pem, const std::vector<certs::Host>& hosts,
                     const EVP_PKEY& key) {
  const auto leaf = TRY(tls::parse_certificate(chain_pem));
  // It compares the public halves alone.
  if (::X509_check_private_key(leaf.get(), const_cast<EVP_PKEY*>(&key)) != 1)
    return openssl::failure("the CA's certificate is for another key", Code::corrupt);
  const auto named = tls::names(*leaf);
  for (const auto& host : hosts)
    if (std::ranges::find(named, host.text) == named.end())
      return Error{Code::corrupt, "the CA's certificate is not for " + host.text};
  return {};
}

}  // namespace sp::acme
