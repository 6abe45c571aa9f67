#include "core/backup/postgres.h"

#include "base/setup/programs.h"

namespace sp::backup {
namespace {

Outcome run(const std::vector<std::string>& command) {
  const auto ran = setup::run(command);
  if (!ran)
    return Error{Code::unavailable,
                 command.front() +
                     " is needed: install postgresql-client, of the server's version "
                     "or newer"};
  if (ran->status == 0) return {};
  // Its first line names the trouble; the data is not in it.
  return Error{Code::unavailable,
               command.front() + ": " + ran->output.substr(0, ran->output.find('\n'))};
}

}  // namespace

Outcome dump(const std::string& url, const std::filesystem::path& to) {
  return run({"pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password",
              "--file=" + to.string(), "--dbname=" + url});
}

Outcome load(const std::string& url, const std::filesystem::path& from) {
  return run({"pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges",
              "--no-password", "--single-transaction", "--dbname=" + url, from.string()});
}

Outcome check_dump(const std::filesystem::path& dump) {
  return run({"pg_restore", "--list", dump.string()});
}

}  // namespace sp::backup
