#pragma once
// The core's accounts with CAs: one for each directory and external account, its key sealed.

#include "certs/acme/account.h"
#include "core/orders/order.h"

namespace sp::orders {

/// The account for this order's CA; registered when there is none. Whoever ordered has agreed to
/// the CA's terms. Killed in between, the next call finds the same account by its key.
Result<acme::Account> account_for(const Context& context, acme::Session& session,
                                  const Order& order);
/// The CA does not know the account that it gave us: the next call of `account_for` registers
/// again.
Outcome forget_account(const Context& context, const Order& order);

}  // namespace sp::orders
