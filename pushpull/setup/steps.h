#pragma once
// What set-up asks and makes, step by step; setup.cpp has their order.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/setup/questions.h"
#include "pushpull/setup/setup.h"

namespace sp::pushpull {

/// What was said as an option; what was not is asked, or stays.
struct SetupOptions {
  std::filesystem::path config;
  bool non_interactive = false;
  bool no_start = false;
  std::optional<std::string> data, url, listen, intake;
  std::optional<std::string> certificate, certificate_file, key_file;
  std::optional<std::string> kit;
  std::vector<std::optional<std::string>> own;  ///< of each OwnList
};

/// One run of the command for one kind of edge.
struct Task {
  EdgeProgram program;
  Setup setup;
  SetupOptions options;
};

struct Answers {
  bool there = false;  ///< the settings stood before
  Standing before, after;
  std::filesystem::path folder;  ///< of the service: certificates here, the rest in data/
  std::string certificate_kind;
  std::string kit;  ///< empty: none
};

/// All of it; gives the exit code.
int run_setup(const Task& task);

Result<Answers> ask_all(setup::Questions& questions, const Task& task);
/// The public side's; the intake's too when it has none yet, since its key is pinned at enrolment.
Outcome make_certificates(const Task& task, const Answers& answers);
/// True when it changed. It holds no secret: the service's user must be able to read it.
Result<bool> write_configuration(const Task& task, const Answers& answers);
/// By a program of its own, since that shuts itself off from everything first.
Outcome enrol_here(const Task& task, const Answers& answers);

}  // namespace sp::pushpull
