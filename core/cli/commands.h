#pragma once
// The commands, one file each.

#include <functional>
#include <string>

#include "core/cli/context.h"

namespace CLI {
class App;
}

namespace sp::cli {

void add_login(CLI::App& app, Context& context);
void add_send(CLI::App& app, Context& context);
void add_messages(CLI::App& app, Context& context);
void add_open(CLI::App& app, Context& context);
void add_edge(CLI::App& app, Context& context);
void add_certificates(CLI::App& app, Context& context);
void add_people(CLI::App& app, Context& context);
void add_sites(CLI::App& app, Context& context);
void add_hosts(CLI::App& app, Context& context);
void add_credentials(CLI::App& app, Context& context);
void add_sessions(CLI::App& app, Context& context);
void add_connect(CLI::App& app, Context& context);

/// A subcommand of `group`. What `work` fails with becomes the exit status.
CLI::App* add_command(CLI::App& group, const std::string& name, const std::string& what,
                      Context& context, std::function<Outcome()> work);
/// The same, and also what `group` does when no subcommand is named.
CLI::App* add_default_command(CLI::App& group, const std::string& name, const std::string& what,
                              Context& context, std::function<Outcome()> work);

/// The whole program but `main`: gives the exit status.
int run(int count, char** arguments);

}  // namespace sp::cli
