#include "pushpull/ordering/identity.h"

#include <algorithm>

#include "base/bytes/bytes.h"
#include "base/log/log.h"
#include "base/tls/request.h"
#include "base/tls/self_check.h"

namespace sp::pushpull {
namespace {

constexpr std::string_view scheme = "sallyport://";

// One name, and nothing in it that OpenSSL's list of names would read as its own.
bool is_identity(const std::vector<std::string>& names) {
  return names.size() == 1 && names.front().starts_with(scheme) &&
         std::ranges::all_of(names.front(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_' || c == '.' || c == '/' || c == ':';
         });
}

}  // namespace

Outcome Identity::apply(sqlite::Database& db, const Item& item) {
  if (item.kind == kind::identity_request) {
    const auto wanted = TRY(decode_certificate_request(item.body));
    return request(db, wanted);
  }
  if (item.kind == kind::identity_put) {
    const auto chain = TRY(decode_certificate_put(item.body));
    return install(db, chain);
  }
  return rest_->apply(db, item);
}

Outcome Identity::request(sqlite::Database& db, const CertificateRequest& wanted) {
  if (!is_identity(wanted.names)) return refuse(db, wanted.order, "refused_names");
  const auto secret = TRY(versions_.key_for(wanted.order));
  const auto key = TRY(tls::parse_key(secret));
  const auto made = TRY(tls::signing_request("", "URI:" + wanted.names.front(), *key));
  CertificateRequested event{wanted.order, TRY(tls::der_of(*made))};
  TRY(append_event(db, kind::identity_requested, {}, clock_->now(), encode(event)));
  return {};
}

Outcome Identity::refuse(sqlite::Database& db, const OrderId& order, std::string code) {
  log::warning("identity_refused", {{"order", bytes::hex(order)}, {"code", code}});
  TRY(append_event(db, kind::identity_refused, {}, clock_->now(),
                   encode(CertificateRefused{order, std::move(code)})));
  return {};
}

Outcome Identity::install(sqlite::Database& db, const CertificatePut& put) {
  auto key = versions_.pending_key(put.order);
  if (!key && key.error().code() != Code::not_found) return Error{key.error()};
  if (!key) return refuse(db, put.order, "unknown_order");
  const tls::Identity identity{std::string{bytes::text(put.chain)}, *std::move(key)};
  const auto good = tls::self_check(identity, {tls::Role::link_server, "", clock_->now()});
  if (!good) {
    log::error("identity_wrong", good.error(), {{"order", bytes::hex(put.order)}});
    return refuse(db, put.order, "wrong_certificate");
  }
  TRY(versions_.publish(identity, put.order));
  if (const auto shown = show_(); !shown) {
    TRY(versions_.take_back());
    log::error("identity_not_shown", shown.error(), {{"order", bytes::hex(put.order)}});
    return refuse(db, put.order, "wrong_certificate");
  }
  const auto leaf = TRY(tls::parse_certificate(identity.chain_pem));
  CertificateInstalled event{put.order, tls::facts(*leaf).fingerprint};
  TRY(append_event(db, kind::identity_installed, {}, clock_->now(), encode(event)));
  return {};
}

}  // namespace sp::pushpull
