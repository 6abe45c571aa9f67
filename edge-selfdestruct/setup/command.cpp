#include <CLI/CLI.hpp>

#include <memory>

#include "edge-selfdestruct/setup/setup.h"

namespace sp::edge_selfdestruct {

void add_setup(CLI::App& app, std::function<void(int)> done) {
  const auto options = std::make_shared<SetupOptions>();
  auto* command = app.add_subcommand(
      "setup", "set up this portal: asks on the terminal, or takes every answer as an option");
  const auto answer = [&](const char* name, std::optional<std::string>& to, const char* what) {
    command->add_option(name, to, what);
  };
  options->config = "/etc/sallyport/selfdestruct.toml";
  command->add_option("--config", options->config, "configuration file")->capture_default_str();
  command->add_flag("--non-interactive", options->non_interactive,
                    "ask nothing: options, what stands, and defaults answer");
  command->add_flag("--no-start", options->no_start, "do not start it and do not look at it");
  answer("--data", options->data, "folder of messages, keys and certificates");
  answer("--url", options->url, "address of the portal, as links begin");
  answer("--listen", options->listen, "address and port for recipients");
  answer("--intake", options->intake, "address and port for the core");
  answer("--certificate", options->certificate, "self-signed, internal-ca, files or keep");
  answer("--certificate-file", options->certificate_file, "chain, PEM, for --certificate files");
  answer("--key-file", options->key_file, "key, PEM, for --certificate files");
  answer("--kit", options->kit, "the kit that the core made for this edge");
  command->callback([options, done = std::move(done)] { done(setup(*options)); });
}

}  // namespace sp::edge_selfdestruct
