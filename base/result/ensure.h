#pragma once
#include <cstdio>
#include <cstdlib>

namespace sp {

/// Ends the process, in every build type, when `holds` is false. For our own bugs only: what comes
/// from outside is answered with an Error instead.
inline void ensure(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "bug at %s:%d\n", file, line);
  std::abort();
}

}  // namespace sp
