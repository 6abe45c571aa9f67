#pragma once
// The commands of `sallyport-core`. Each gives the exit code; what went wrong is on standard error
// with a `hint:`.

#include <filesystem>
#include <string>

namespace sp::core {

/// Runs until SIGTERM or SIGINT.
int serve(const std::filesystem::path& config);

struct Init {
  std::filesystem::path config;
  std::string admin;
  std::filesystem::path password_out;  ///< empty: to standard output
  bool if_needed = false;
};
/// Makes key file, database, keyring and the first administrator with a one-time password.
int init(const Init& options);

int verify_audit(const std::filesystem::path& config, bool json);

struct MakeToken {
  std::filesystem::path config;
  std::string user, name, scope;
  std::filesystem::path out;
};
int make_token(const MakeToken& options);

}  // namespace sp::core
