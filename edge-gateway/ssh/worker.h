#pragma once

namespace sp::edge_gateway {

/// The process that speaks with one host for one session: the subcommand `worker`, which the
/// gateway starts for each. Descriptor 3 is the socket to its parent
/// (edge-gateway/worker/frames.h), 4 the connected socket of the host; there is nothing else to it,
/// and it gives up everything else before it reads a byte (edge-gateway/sandbox). It ends when the
/// session does, or when its parent goes. Gives the exit code.
///
/// It must never read a file, open a socket, or send a credential to a host that was not judged. It
/// holds one credential until the host has decided on it. Who owns it gains this session with this
/// host, and what the host was sent.
int run_worker();

}  // namespace sp::edge_gateway
