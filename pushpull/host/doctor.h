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

  std::string before_a_kit;  ///< what it does not do yet
  std::function<Result<Examined>(const std::filesystem::path& config)> examine;
};

/// Adds the command; `done` gets its exit code: 0 when nothing is bad, 1 when something is.
void add_doctor(commandline::App& app, const EdgeProgram& program, Doctor doctor,
                std::function<void(int)> done);

}  // namespace sp::pushpull
