#pragma once
// An account with a CA (RFC 8555 section 7.3).

#include "certs/acme/session.h"

namespace sp::acme {

struct Account {
  Key key;
  std::string url{};  ///< what the CA calls it
  [[nodiscard]] Signer signer() const { return {key, url}; }
};

/// Creates the account, or finds the one that `key` has already. `invalid_input` when the CA has
/// terms that were not agreed to, or wants an external account that was not given.
Result<Account> register_account(Session& session, Key key, const Registration& wanted);
/// The account that `key` has. `forbidden` when it has none.
Result<Account> find_account(Session& session, Key key);
/// Puts `next` in the place of the account's key (RFC 8555 section 7.3.5).
Result<Account> change_key(Session& session, const Account& account, Key next);
/// Revokes a certificate (DER) of this account (RFC 8555 section 7.6). One that is revoked already
/// is a success. `reason` as of RFC 5280 section 5.3.1.
Outcome revoke(Session& session, const Account& account, BytesView certificate,
               std::optional<int> reason);

}  // namespace sp::acme
