#pragma once
#include <string_view>

#include "base/result/result.h"

namespace sp::core {

/// `sallyport-core: error: ...` and, where there is one, `sallyport-core: hint: ...`; gives the
/// exit code.
int fail(const Error& error, std::string_view hint = {});
/// At the start of every command: no core dump and no ptrace by others of this user (keys are in
/// memory), and new files for this user alone.
void guard_process();
/// What to do about it, by its code, for someone at the machine.
std::string_view hint_for(const Error& error);

}  // namespace sp::core
