#pragma once
// `setup` of every edge program: from nothing to an edge that answers and, with a kit, is enrolled.
// Asked on the terminal or answered by options. Again: shows what stands and changes only what is
// asked.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pushpull/host/commands.h"
#include "pushpull/setup/words.h"

namespace sp::pushpull {

/// What `setup` needs to know of one kind of edge.
struct Setup {
  /// What stands in settings, however they were written.
  struct Stands {
    HostConfig host;
    std::vector<Texts> own;  ///< of each of `own`, in their order
  };

  std::string users;             ///< "recipients": whom the public side is for
  std::string from;              ///< "everybody": from where they come
  std::filesystem::path folder;  ///< of a packaged one: /var/lib/NAME
  std::string own_authority;     ///< what is said of a certificate that no browser trusts yet
  std::vector<OwnList> own;      ///< settings that no other kind has
  /// Reads settings as if they stood in a file there.
  std::function<Result<Stands>(std::string_view text, const std::filesystem::path& path)> decode;
  /// Lines of the firewall's words: where this edge itself connects to, and what follows for it.
  std::function<std::string(const Standing&)> outward;
};

/// Adds the command; `done` gets its exit code.
void add_setup(commandline::App& app, const EdgeProgram& program, Setup setup,
               std::function<void(int)> done);

}  // namespace sp::pushpull
