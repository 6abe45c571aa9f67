#pragma once
#include "pushpull/setup/setup.h"

namespace sp::edge_gateway {

/// What `setup` asks and says, for pushpull/setup.
pushpull::Setup setup();

}  // namespace sp::edge_gateway
