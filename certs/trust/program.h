#pragma once
// Runs the programs that own trust stores: update-ca-certificates, certutil, keytool.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result/result.h"

namespace sp::certs {

struct Ran {
  int status = 0;    ///< exit code
  std::string said;  ///< output and errors, 64 KiB at most
};

/// Whether `name` is found along PATH.
bool is_installed(const std::string& name);
/// Runs it to its end, without a shell and with nothing on its input. `not_found` when it is not
/// installed, `unavailable` when it does not end within two minutes.
Result<Ran> run_program(const std::vector<std::string>& command);

}  // namespace sp::certs
