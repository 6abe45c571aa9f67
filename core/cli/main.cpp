#include <sys/prctl.h>

#include <exception>

#include "core/cli/commands.h"

int main(int count, char** arguments) {
  ::prctl(PR_SET_DUMPABLE, 0);  // no core dump with a passphrase in it
  try {
    return sp::cli::run(count, arguments);
  } catch (const std::exception&) {
    sp::cli::complain("out of memory or a bug");
    return sp::exit_code(sp::Code::internal);
  }
}
