#pragma once
// Starts what was set up, and looks whether it really answers.

#include <filesystem>
#include <string>

#include "base/probe/probe.h"
#include "base/result/result.h"

namespace sp::setup {

struct Started {
  std::string service;           ///< "sallyport-core": the unit, and the program
  std::filesystem::path config;  ///< of `serve`
  std::filesystem::path folder;  ///< of the service's data
  probe::Place listener;
  std::string host;        ///< of the site
  std::string path = "/";  ///< what is asked for
  bool changed = true;     ///< whether a running service must begin anew
};
enum class How : std::uint8_t {
  running,   ///< it ran before, and runs
  service,   ///< the service manager runs it now
  for_look,  ///< it ran for the look alone, since no service manager is here
};
struct Look {
  How how = How::running;
  probe::Seen seen;
};
/// `unavailable` with what the program said when it does not answer.
Result<Look> start_and_look(const Started& wish);

}  // namespace sp::setup
