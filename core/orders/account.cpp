#include "core/orders/internal/account.h"

#include "base/bytes/bytes.h"

namespace sp::orders {
namespace {

// What a key is sealed to: one account of one CA.
std::string place_of(const Ca& ca) {
  return ca.directory + " " + ca.external_id;
}

struct Kept {
  acme::Key key;
  std::string url;  // empty: not known yet
};

Result<std::optional<Kept>> kept(const Context& context, store::Transaction& transaction,
                                 const Ca& ca) {
  const auto row = TRY(transaction.one(
      "SELECT key, url FROM certificate_accounts WHERE directory = $1 AND external_id = $2",
      ca.directory, ca.external_id));
  if (!row) return std::optional<Kept>{};
  const auto place = place_of(ca);
  const auto pem = TRY(context.keyring.open({"certificate_accounts", place, "key"}, row->bytes(0)));
  return std::optional{Kept{TRY(acme::Key::parse(pem)), row->text(1)}};
}

// The one that is there, or a new one, durable before a CA knows it.
Result<Kept> kept_or_new(const Context& context, const Ca& ca) {
  const auto key = TRY(acme::Key::create());
  const auto pem = TRY(key.pem());
  const auto place = place_of(ca);
  const auto sealed = context.keyring.seal({"certificate_accounts", place, "key"}, pem.expose());
  return context.store.write([&](store::Transaction& transaction) -> Result<Kept> {
    TRY(
        transaction.run("INSERT INTO certificate_accounts (directory, external_id, key, url) "
                        "VALUES ($1, $2, $3, '') ON CONFLICT DO NOTHING",
                        ca.directory, ca.external_id, sealed));
    auto found = TRY(kept(context, transaction, ca));
    if (!found) return Error{Code::internal, "certificate account: not there"};
    return *std::move(found);
  });
}

Result<std::optional<acme::ExternalAccount>> external_of(const Context& context,
                                                         const Order& order) {
  if (order.ca.external_id.empty()) return std::optional<acme::ExternalAccount>{};
  const auto row = TRY(context.store.read([&](store::Transaction& transaction) {
    return transaction.one("SELECT external_key FROM certificate_orders WHERE id = $1", order.id);
  }));
  if (!row) return Error{Code::not_found, "the order was removed"};
  const auto text =
      TRY(context.keyring.open({"certificate_orders", order.id, "external_key"}, row->bytes(0)));
  const auto key = TRY(bytes::from_base64url(bytes::text(text.expose())));
  return std::optional{acme::ExternalAccount{order.ca.external_id, Secret::copy_of(key)}};
}

Result<acme::Account> registered(const Context& context, acme::Session& session, const Order& order,
                                 acme::Key key) {
  acme::Registration wanted;
  if (!order.ca.contact.empty()) wanted.contacts = {"mailto:" + order.ca.contact};
  wanted.terms_agreed = true;
  wanted.external = TRY(external_of(context, order));
  auto account = TRY(acme::register_account(session, std::move(key), wanted));
  TRY(context.store.write([&](store::Transaction& transaction) {
    return transaction.run(
        "UPDATE certificate_accounts SET url = $3 WHERE directory = $1 AND external_id = $2",
        order.ca.directory, order.ca.external_id, account.url);
  }));
  return account;
}

}  // namespace

Result<acme::Account> account_for(const Context& context, acme::Session& session,
                                  const Order& order) {
  auto found = TRY(kept_or_new(context, order.ca));
  if (found.url.empty()) return registered(context, session, order, std::move(found.key));
  return acme::Account{std::move(found.key), std::move(found.url)};
}

Outcome forget_account(const Context& context, const Order& order) {
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(transaction.run(
        "UPDATE certificate_accounts SET url = '' WHERE directory = $1 AND external_id = $2",
        order.ca.directory, order.ca.external_id));
    return {};
  });
}

}  // namespace sp::orders
