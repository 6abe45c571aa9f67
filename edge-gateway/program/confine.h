#pragma once
#include "base/result/result.h"

namespace sp::edge_gateway {

/// What the gateway's process gives up for good before its first thread: privileges, core dumps,
/// and the calls by which one process looks into another or changes the kernel. It must dial hosts
/// and start workers, so it keeps those; the worker gives up far more (edge-gateway/sandbox).
Outcome confine();

}  // namespace sp::edge_gateway
