#pragma once

namespace sp::edge_gateway {

/// Overwrites what was freed and not used since: libssh frees a decrypted key as it is. It takes
/// all that is free, in pieces of every size, and gives it back; about a millisecond, so for once
/// in a session. Memory that a sanitizer holds back stays as it is.
void overwrite_leftovers();

}  // namespace sp::edge_gateway
