#pragma once
// The commands that judge certificates: verify, check and import.

#include "certs/cli/cli.h"
#include "certs/verify/verify.h"

namespace sp::certs {

void add_verify(CLI::App& app, Context& context);

/// What the second implementation says; `asked` is false when nobody asked it.
struct SecondOpinion {
  bool asked = false;
  bool accepted = false;
  std::string reason;
};
std::string verdict_json(const verify::Verdict& verdict, const SecondOpinion& second);

}  // namespace sp::certs
