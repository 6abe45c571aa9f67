#pragma once
// `sallyport-selfdestruct setup`: from nothing to a portal that answers and, with a kit, is
// enrolled. Asked on the terminal or answered by options. Again: shows what stands and changes only
// what is asked.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace sp::edge_selfdestruct {

struct SetupOptions {
  std::filesystem::path config;
  bool non_interactive = false;
  bool no_start = false;
  std::optional<std::string> data, url, listen, intake;
  std::optional<std::string> certificate, certificate_file, key_file;
  std::optional<std::string> kit;
};

/// Gives the exit code.
int setup(const SetupOptions& options);
/// Adds the command; `done` gets its exit code.
void add_setup(CLI::App& app, std::function<void(int)> done);

}  // namespace sp::edge_selfdestruct
