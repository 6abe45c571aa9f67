#pragma once
// `sallyport-core setup`: from nothing to a site that answers, asked on the terminal or answered by
// options. Again: shows what stands and changes only what is asked.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace sp::commandline {
class App;
}

namespace sp::core {

/// What was said as an option; what was not is asked, or stays.
struct SetupOptions {
  std::filesystem::path config;
  bool non_interactive = false;
  bool no_start = false;
  std::optional<std::string> data, url, listen, web_root, database;
  std::optional<std::string> certificate, certificate_file, key_file;
  std::optional<std::string> admin, password_out;
  std::optional<std::string> mail_host, mail_port, mail_security, mail_from, mail_username;
  std::optional<std::string> mail_password_file;
};

/// Gives the exit code.
int setup(const SetupOptions& options);
/// Adds the command; `done` gets its exit code.
void add_setup(commandline::App& app, std::function<void(int)> done);

}  // namespace sp::core
