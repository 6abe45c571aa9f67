#pragma once
// Starts what was set up, looks whether it really answers, and says what those who come will see.

#include <filesystem>
#include <string>

#include "base/probe/probe.h"
#include "base/result/result.h"

namespace sp::setup {

struct Started {
  std::string what;              ///< "site", "portal": as sentences call it
  std::string service;           ///< "sallyport-core": the unit, and the program
  std::filesystem::path config;  ///< of `serve`
  std::filesystem::path folder;  ///< of the service's data
  probe::Place listener;
  std::string host;                   ///< of the site
  std::string path = "/";             ///< what is asked for
  bool changed = true;                ///< whether a running service must begin anew
  std::filesystem::path certificate;  ///< the chain that it shows
  std::string own_authority;          ///< said when its authority is one that clients do not know
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
/// `unavailable` with what the program said when it does not answer, or not with 200.
Result<Look> start_and_look(const Started& wish);
/// On standard output: how it runs, and what is still to be done about its certificate and name.
/// Fails when clients will not trust it.
Outcome tell(const Started& wish, const Look& look);

}  // namespace sp::setup
