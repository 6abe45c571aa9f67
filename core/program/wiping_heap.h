#pragma once

namespace sp::core {

/// From here on, what OpenSSL and libcurl free is overwritten first. What C++ frees is overwritten
/// in any case: this file's operator delete does it. So a message's text, link and passphrase do
/// not stay behind in libraries that copy them (JSON, HTTP, TLS) and know no Secret.
///
/// Call it first in `main`: OpenSSL refuses once it has allocated.
void wipe_what_is_freed();

}  // namespace sp::core
