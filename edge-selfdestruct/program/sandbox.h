#pragma once
#include "base/result/result.h"

namespace sp::edge_selfdestruct {

/// What the process gives up for good, before it reads a byte from outside (promise 1): it can open
/// no connection, start no program, trace none and leave no core dump. New files are for its user
/// alone. Call it before the first thread.
Outcome enter_sandbox();

}  // namespace sp::edge_selfdestruct
