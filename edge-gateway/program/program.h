#pragma once
#include "pushpull/host/commands.h"

namespace sp::edge_gateway {

/// What `sallyport-gateway` serves, enrols and tells, for the commands of pushpull/host.
pushpull::EdgeProgram program();

}  // namespace sp::edge_gateway
