#pragma once
// The commands that every edge program has: serve, enrol, status. Each gives the exit code.

#include <functional>
#include <memory>
#include <string>

#include "base/random/random.h"
#include "pushpull/host/host.h"

namespace sp::commandline {
class App;
}

namespace sp::pushpull {

/// An edge that runs; its end lets running answers finish, then stops.
class RunningEdge {
 public:
  virtual ~RunningEdge() = default;
  [[nodiscard]] virtual Host& host() = 0;
};

/// One kind of edge, read from its settings and not yet begun.
struct Prepared {
  HostConfig host;
  std::function<Result<std::unique_ptr<RunningEdge>>(const Clock&, Random&)> start;
};

struct EdgeProgram {
  std::string name;    ///< "sallyport-selfdestruct"
  std::string kind;    ///< "selfdestruct"
  std::string what;    ///< "portal", in sentences
  std::string config;  ///< where its settings are unless somebody says
  std::string page;    ///< a path that the public side answers with 200
  std::function<Result<Prepared>(const std::filesystem::path& config)> prepare;
  /// What the process gives up before its first thread, whatever it is to do.
  std::function<Outcome()> enter_sandbox;
  /// Lines of `status` of its own, such as "messages        7\n".
  std::function<Result<std::string>(sqlite::Database&)> standing;
};

/// Runs until SIGTERM or SIGINT; SIGHUP reads the certificates again.
int serve(const EdgeProgram& program, const std::filesystem::path& config);
/// Takes the kit that the core made for this edge.
int enrol(const EdgeProgram& program, const std::filesystem::path& kit,
          const std::filesystem::path& config);
/// Says how the edge stands; also while it runs.
int status(const EdgeProgram& program, const std::filesystem::path& config);
/// Adds the three; `done` gets the exit code of the one that was asked for.
void add_commands(commandline::App& app, const EdgeProgram& program, std::function<void(int)> done);

}  // namespace sp::pushpull
