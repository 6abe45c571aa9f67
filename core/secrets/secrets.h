#pragma once
// The one table of secrets: a credential's today, a password record's when the vault comes. Each is
// sealed by the keyring to its owner and field, so a row that was moved to another owner does not
// open. Opening demands the judge's permit to use or to see the owner.

#include <string>
#include <string_view>

#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"
#include "core/access/access.h"
#include "core/keyring/keyring.h"
#include "core/store/store.h"

namespace sp::secrets {

/// Whose secret it is.
struct Owner {
  std::string_view kind;  ///< "credential"
  std::string_view id;
};

/// In place of the one before. An empty one removes it.
Outcome put(store::Transaction& transaction, const keyring::Keyring& keyring, const Owner& owner,
            std::string_view field, const Secret& secret, Instant now);
/// Empty when there is none. Ends the process when the permit is not one to use or to see a secret.
Result<Secret> open(store::Transaction& transaction, const keyring::Keyring& keyring,
                    const access::Permit& permit, const Owner& owner, std::string_view field);

}  // namespace sp::secrets
