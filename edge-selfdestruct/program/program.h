#pragma once
#include "pushpull/host/commands.h"

namespace sp::edge_selfdestruct {

/// What `sallyport-selfdestruct` serves, enrols and tells, for the commands of pushpull/host.
pushpull::EdgeProgram program();

}  // namespace sp::edge_selfdestruct
