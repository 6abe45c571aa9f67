#pragma once
// The key that opens a recording which has not come home yet. For core/sessions alone.

#include "core/sessions/session.h"
#include "pushpull/envelope/keys.h"

namespace sp::sessions {

/// `not_found` when there is none any more.
Result<pushpull::StaticPrivateKey> recording_key(const Context& context,
                                                 const std::string& session);

}  // namespace sp::sessions
