#pragma once
#include "pushpull/host/doctor.h"

namespace sp::edge_gateway {

/// What `doctor` looks at, for pushpull/host.
pushpull::Doctor doctor();

}  // namespace sp::edge_gateway
