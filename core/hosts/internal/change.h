#pragma once
// Changes within a transaction of the caller, who has taken inventory::lock and appends the entry.
// For core/hosts alone.

#include "core/hosts/host.h"

namespace sp::hosts {

struct Done {
  Changed<Host> changed;
  audit::Entry entry{};  ///< when something was written
};
Result<Done> add_in(const Context& context, store::Transaction& transaction,
                    const access::Actor& actor, const Change& wanted);
/// `host` is the locked row, and the actor may change it.
Result<Done> change_in(const Context& context, store::Transaction& transaction,
                       const access::Actor& actor, Host host, const Change& wanted);

}  // namespace sp::hosts
