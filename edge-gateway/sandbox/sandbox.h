#pragma once
#include "base/result/result.h"

namespace sp::edge_gateway {

/// What a session's worker gives up for good, before it reads a byte from its host: it can open no
/// file and no socket, start no process and no program, make no memory executable, look into no
/// other process, and leaves no core dump. What is left are the file descriptors 0 to `last_fd`,
/// memory up to a limit, time and chance. A system call that is not on the list fails with EPERM.
/// Call it before the first thread, and after what the libraries read once.
Outcome enter_worker_sandbox(int last_fd);

}  // namespace sp::edge_gateway
