#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/probe/probe.h"

namespace sp::probe {
namespace {

using Store = openssl::Handle<X509_STORE, ::X509_STORE_free>;
using StoreCtx = openssl::Handle<X509_STORE_CTX, ::X509_STORE_CTX_free>;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;  // borrows its certificates

bool names(X509& leaf, const std::string& host) {
  return is_address(host) ? ::X509_check_ip_asc(&leaf, host.c_str(), 0) == 1
                          : ::X509_check_host(&leaf, host.c_str(), host.size(), 0, nullptr) == 1;
}

}  // namespace

Outcome trusted(const std::vector<openssl::Cert>& chain, const std::string& host,
                const std::vector<openssl::Cert>& roots, Instant now) {
  if (chain.empty()) return Error{Code::invalid_input, "no certificate was shown"};
  if (!names(*chain.front(), host))
    return Error{Code::invalid_input, "the certificate is not for " + host};
  const Store store{::X509_STORE_new()};
  const StoreCtx context{::X509_STORE_CTX_new()};
  const Stack others{sk_X509_new_null()};
  if (store == nullptr || context == nullptr || others == nullptr)
    return openssl::failure("verify", Code::unavailable);
  for (const auto& root : roots) ::X509_STORE_add_cert(store.get(), root.get());
  if (roots.empty()) ::X509_STORE_set_default_paths(store.get());
  for (std::size_t at = 1; at < chain.size(); ++at) sk_X509_push(others.get(), chain[at].get());
  if (::X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), others.get()) != 1)
    return openssl::failure("verify", Code::unavailable);
  ::X509_VERIFY_PARAM_set_time(::X509_STORE_CTX_get0_param(context.get()),
                               static_cast<time_t>(to_millis(now) / 1000));
  ::X509_STORE_CTX_set_default(context.get(), "ssl_server");
  if (::X509_verify_cert(context.get()) == 1) return {};
  const std::string why =
      ::X509_verify_cert_error_string(::X509_STORE_CTX_get_error(context.get()));
  static_cast<void>(openssl::failure("verify"));  // empties the queue
  return Error{Code::invalid_input, "a client refuses it: " + why};
}

}  // namespace sp::probe
