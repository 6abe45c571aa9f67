#pragma once
#include "pushpull/host/doctor.h"

namespace sp::edge_selfdestruct {

/// What `doctor` looks at, for pushpull/host.
pushpull::Doctor doctor();

}  // namespace sp::edge_selfdestruct
