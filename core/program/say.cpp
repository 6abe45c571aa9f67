#include "core/program/say.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdio>
#include <string>

namespace sp::core {

std::string_view hint_for(const Error& error) {
  const auto& detail = error.detail();
  const auto says = [&](std::string_view text) { return detail.find(text) != std::string::npos; };
  if (says("run init"))
    return "make the core's keys and database first: sallyport-core init --config FILE --admin "
           "LOGIN";
  if (says("not the one that this database was made with"))
    return "restore the key file from the backup that belongs to this database";
  if (says("newer than this program"))
    return "start the newer version of sallyport-core, or restore the older database";
  if (says("cannot listen on"))
    return "stop the other program, or set another port in [site] listen";
  if (says("the database does not answer"))
    return "is the database server running, and is [database] url right";
  if (says("chmod 600")) return "a key file belongs to the service's user alone";
  if (says("folder of the database"))
    return "make the folder, or set [database] url to another place";
  return {};
}

void guard_process() {
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
  ::umask(S_IRWXG | S_IRWXO);
}

int fail(const Error& error, std::string_view hint) {
  std::fprintf(stderr, "sallyport-core: error: %s\n", error.detail().c_str());
  const auto advice = hint.empty() ? hint_for(error) : hint;
  if (!advice.empty())
    std::fprintf(stderr, "sallyport-core: hint: %s\n", std::string{advice}.c_str());
  return exit_code(error.code());
}

}  // namespace sp::core
