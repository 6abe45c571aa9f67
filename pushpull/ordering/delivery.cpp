#include "pushpull/ordering/delivery.h"

#include "base/bytes/bytes.h"
#include "base/log/log.h"
#include "base/tls/certificate.h"
#include "base/tls/request.h"
#include "pushpull/inbox/inbox.h"

namespace sp::pushpull {

Outcome Delivery::request(sqlite::Database& db, const OrderId& order,
                          const std::string& names) const {
  const auto secret = TRY(versions_.key_for(order));
  const auto key = TRY(tls::parse_key(secret));
  const auto made = TRY(tls::signing_request("", names, *key));
  CertificateRequested event{order, TRY(tls::der_of(*made))};
  TRY(append_event(db, words_.requested, {}, clock_->now(), encode(event)));
  return {};
}

Result<bool> Delivery::install(
    sqlite::Database& db, const CertificatePut& put,
    const std::function<Result<bool>(const std::vector<std::string>& names)>& fits) const {
  const auto refused = [&](std::string code) -> Result<bool> {
    TRY(refuse(db, put.order, std::move(code)));
    return false;
  };
  auto key = versions_.pending_key(put.order);
  if (!key && key.error().code() != Code::not_found) return Error{key.error()};
  if (!key) return refused("unknown_order");
  const tls::Identity identity{std::string{bytes::text(put.chain)}, *std::move(key)};
  if (const auto good = tls::self_check(identity, {role_, host_, clock_->now()}); !good) {
    complain("wrong", good.error(), put.order);
    return refused("wrong_certificate");
  }
  const auto leaf = TRY(tls::parse_certificate(identity.chain_pem));
  if (!TRY(fits(tls::names(*leaf)))) return refused("wrong_certificate");
  TRY(versions_.publish(identity, put.order));
  if (const auto shown = show_(); !shown) {
    TRY(versions_.take_back());
    complain("not_shown", shown.error(), put.order);
    return refused("wrong_certificate");
  }
  const CertificateInstalled event{put.order, tls::facts(*leaf).fingerprint};
  TRY(append_event(db, words_.installed, {}, clock_->now(), encode(event)));
  return true;
}

Outcome Delivery::refuse(sqlite::Database& db, const OrderId& order, std::string code) const {
  log::warning(std::string{words_.logged} + "_refused",
               {{"order", bytes::hex(order)}, {"code", code}});
  TRY(append_event(db, words_.refused, {}, clock_->now(),
                   encode(CertificateRefused{order, std::move(code)})));
  return {};
}

void Delivery::complain(std::string_view what, const Error& why, const OrderId& order) const {
  log::error(std::string{words_.logged} + "_" + std::string{what}, why,
             {{"order", bytes::hex(order)}});
}

}  // namespace sp::pushpull
