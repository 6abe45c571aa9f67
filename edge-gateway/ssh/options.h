#pragma once
#include <string>

#include "base/result/result.h"
#include "edge-gateway/ssh/handle.h"
#include "edge-gateway/ssh/host_key.h"

namespace sp::edge_gateway {

/// A session over a socket that is connected already: never blocking, strict in its algorithms, and
/// with nothing of this machine: no configuration, no known_hosts, no key, no agent.
Result<SshSession> new_session(int socket, const std::string& login, const KnownHost& known);

}  // namespace sp::edge_gateway
