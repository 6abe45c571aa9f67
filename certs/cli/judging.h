#pragma once
// The commands that judge certificates: verify, check and import.

#include <optional>

#include "certs/check/check.h"
#include "certs/cli/cli.h"
#include "certs/import/import.h"
#include "certs/verify/second.h"

namespace sp::certs {

void add_verify(commandline::App& app, Context& context);
void add_check(commandline::App& app, Context& context);
void add_import(commandline::App& app, Context& context);

using Second = std::optional<verify::Opinion>;  ///< nothing when nobody asked for it
std::string verdict_json(const verify::Verdict& verdict, const Second& second);

/// What `check` found out about one file or address.
struct Checked {
  std::string source;
  Result<check::Report> report;
};
std::string checked_json(const std::vector<Checked>& all);

std::string imported_json(const import::Sorted& sorted, const std::filesystem::path& certificate,
                          const std::filesystem::path& key, bool written);

}  // namespace sp::certs
