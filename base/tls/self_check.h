#pragma once
// Whether a certificate may take the place of one that is served.

#include <string>

#include "base/result/result.h"
#include "base/tls/context.h"

namespace sp::tls {

struct SelfCheck {
  Role role = Role::public_server;
  std::string host;  ///< what clients dial, and the leaf must be for; empty: not asked
  Instant now{};
};

/// The key is the leaf's, every certificate of the file is valid now, each is signed by the next,
/// the leaf may serve TLS and covers the host, and a handshake (in memory, with each version of the
/// protocol that the role speaks) shows it. `invalid_input` with a sentence that says what is wrong
/// and what to do.
Outcome self_check(const Identity& identity, const SelfCheck& check);

}  // namespace sp::tls
