#pragma once
// Rows of the table credentials. For core/credentials alone.

#include "core/credentials/credential.h"

namespace sp::credentials::rows {

/// Its row is locked on PostgreSQL until the transaction ends.
Result<Credential> locked(store::Transaction& transaction, std::string_view id);
Outcome insert(store::Transaction& transaction, const Credential& credential);
Outcome update(store::Transaction& transaction, const Credential& credential);

}  // namespace sp::credentials::rows
