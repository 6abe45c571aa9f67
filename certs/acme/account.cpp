#include "certs/acme/account.h"

namespace sp::acme {
namespace {

Result<Account> account_of(const HttpAnswer& answer, Key key) {
  std::string url{answer.header("location")};
  TRY(parse_url(url).within("the account's address"));
  return Account{std::move(key), std::move(url)};
}

Outcome can_register(const Directory& directory, const Registration& wanted) {
  if (!directory.terms.empty() && !wanted.terms_agreed)
    return Error{Code::invalid_input,
                 "the CA has terms of service: read " + directory.terms + " and agree to them"};
  if (directory.external_account_required && !wanted.external)
    return Error{Code::invalid_input,
                 "the CA wants an external account: give the key id and the key that it gave you"};
  return {};
}

}  // namespace

Result<Account> register_account(Session& session, Key key, const Registration& wanted) {
  const auto directory = TRY(session.directory());
  TRY(can_register(directory, wanted));
  const auto payload = new_account_payload(wanted, key, directory.new_account);
  const auto answer =
      TRY(session.post(directory.new_account, payload, {key, {}}, "register the account"));
  return account_of(answer, std::move(key));
}

Result<Account> find_account(Session& session, Key key) {
  const auto directory = TRY(session.directory());
  const auto answer = TRY(session.post(directory.new_account, existing_account_payload(), {key, {}},
                                       "find the account"));
  return account_of(answer, std::move(key));
}

Result<Account> change_key(Session& session, const Account& account, Key next) {
  const auto directory = TRY(session.directory());
  if (directory.key_change.empty())
    return Error{Code::invalid_input, "this CA has no way to change an account's key"};
  const auto inner =
      TRY(jws({next, {}}, directory.key_change, {}, key_change_payload(account.url, account.key)));
  TRY(session.post(directory.key_change, inner, account.signer(), "change the account's key"));
  return Account{std::move(next), account.url};
}

Outcome revoke(Session& session, const Account& account, BytesView certificate,
               std::optional<int> reason) {
  const auto directory = TRY(session.directory());
  if (directory.revoke_certificate.empty())
    return Error{Code::invalid_input, "this CA has no way to revoke a certificate"};
  auto answer = session.post(directory.revoke_certificate, revoke_payload(certificate, reason),
                             account.signer(), "revoke the certificate");
  if (answer || answer.error().detail().ends_with("(alreadyRevoked)")) return {};
  return std::move(answer).error();
}

}  // namespace sp::acme
