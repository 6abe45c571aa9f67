#pragma once
// The commands that judge certificates: verify, check and import.

#include "certs/cli/cli.h"
#include "certs/verify/second.h"
#include "certs/verify/verify.h"

namespace sp::certs {

void add_verify(CLI::App& app, Context& context);

using Second = std::optional<verify::Opinion>;  ///< nothing when nobody asked for it
std::string verdict_json(const verify::Verdict& verdict, const Second& second);

}  // namespace sp::certs
