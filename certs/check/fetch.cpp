#include "certs/check/fetch.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wshadow"
#include <httplib.h>
#pragma GCC diagnostic pop

#include <charconv>

#include "base/openssl/handle.h"

namespace sp::certs::check {
namespace {

constexpr std::chrono::seconds patience{10};
constexpr int most_shown = 32;

Bytes der_of(const X509* certificate) {
  unsigned char* data = nullptr;
  const int size = ::i2d_X509(certificate, &data);
  if (size <= 0) return {};
  auto der = bytes::copy(std::as_bytes(std::span{data, static_cast<std::size_t>(size)}));
  ::OPENSSL_free(data);
  return der;
}

// Takes what the server shows and trusts it: nothing is sent that matters.
int keep_chain(X509_STORE_CTX* context, void* kept) {
  auto& chain = *static_cast<std::vector<Bytes>*>(kept);
  chain.clear();
  auto* shown = ::X509_STORE_CTX_get0_untrusted(context);
  for (int i = 0; i < std::min(sk_X509_num(shown), most_shown); ++i)
    chain.push_back(der_of(sk_X509_value(shown, i)));
  ::X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

}  // namespace

Result<Address> parse_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  const Error wrong{Code::invalid_input, "an address looks like https://host or https://host:8443"};
  if (!url.starts_with(scheme)) return wrong;
  auto rest = url.substr(scheme.size());
  rest = rest.substr(0, rest.find_first_of("/?#"));
  Address address;
  const auto colon = rest.rfind(':');
  if (colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos) {
    const auto digits = rest.substr(colon + 1);
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (result.ec != std::errc{} || result.ptr != digits.data() + digits.size() ||
        address.port == 0)
      return wrong;
    rest = rest.substr(0, colon);
  }
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  if (rest.empty()) return wrong;
  address.host = rest;
  return address;
}

Result<std::vector<Bytes>> chain_shown_by(const Address& address) {
  std::vector<Bytes> chain;
  httplib::SSLClient client{address.host, address.port};
  if (!client.is_valid()) return Error{Code::internal, "a TLS client cannot be made here"};
  client.set_connection_timeout(patience);
  client.set_read_timeout(patience);
  client.set_write_timeout(patience);
  client.enable_server_certificate_verification(false);
  ::SSL_CTX_set_verify(client.ssl_context(), SSL_VERIFY_PEER, nullptr);
  ::SSL_CTX_set_cert_verify_callback(client.ssl_context(), keep_chain, &chain);
  static_cast<void>(client.Head("/"));  // whatever it answers: the handshake is what we came for
  static_cast<void>(openssl::failure("handshake"));  // empties the queue
  if (chain.empty())
    return Error{Code::unavailable,
                 "nobody shows a certificate at " + address.host + ":" +
                     std::to_string(address.port) +
                     ": is the server running, and does a firewall let through?"};
  return chain;
}

}  // namespace sp::certs::check
