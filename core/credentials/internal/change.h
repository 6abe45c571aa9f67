#pragma once
// Changes within a transaction of the caller, who has taken inventory::lock and appends the entry.
// For core/credentials alone.

#include "core/credentials/credential.h"

namespace sp::credentials {

struct Done {
  Changed<Credential> changed;
  audit::Entry entry{};  ///< when something was written
};
Result<Done> add_in(const Context& context, store::Transaction& transaction,
                    const access::Actor& actor, const Change& wanted);
/// `credential` is the locked row, and the actor may change it.
Result<Done> change_in(const Context& context, store::Transaction& transaction,
                       const access::Actor& actor, Credential credential, const Change& wanted);

}  // namespace sp::credentials
