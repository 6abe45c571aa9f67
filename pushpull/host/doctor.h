#pragma once
// `doctor` of every edge program: what is wrong with this edge, why it matters and what to do.

#include <filesystem>
#include <functional>
#include <string>

#include "base/findings/findings.h"
#include "pushpull/host/commands.h"

namespace sp::pushpull {

/// What `doctor` needs to know of one kind of edge.
struct Doctor {
  struct Examined {
    HostConfig host;
    findings::Findings own;  ///< of this kind alone
  };

  std::string page;           ///< a path that the public side answers
  std::string mend_settings;  ///< what to do where they cannot be read
  std::string before_a_kit;   ///< what it does not do yet
  std::string take_kit;       ///< how it is enrolled
  std::function<Result<Examined>(const std::filesystem::path& config)> examine;
};

/// Adds the command; `done` gets its exit code: 0 when nothing is bad, 1 when something is.
void add_doctor(CLI::App& app, const EdgeProgram& program, Doctor doctor,
                std::function<void(int)> done);

}  // namespace sp::pushpull
