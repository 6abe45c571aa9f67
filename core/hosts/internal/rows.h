#pragma once
// Rows of the table hosts. For core/hosts alone.

#include "core/hosts/host.h"

namespace sp::hosts::rows {

/// Its row is locked on PostgreSQL until the transaction ends.
Result<Host> locked(store::Transaction& transaction, std::string_view id);
Outcome insert(store::Transaction& transaction, const Host& host);
Outcome update(store::Transaction& transaction, const Host& host);

}  // namespace sp::hosts::rows
