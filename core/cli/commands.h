#pragma once
// The commands, one file each.

#include <functional>
#include <string>

#include "core/cli/context.h"

namespace sp::commandline {
class App;
}

namespace sp::cli {

void add_login(commandline::App& app, Context& context);
void add_send(commandline::App& app, Context& context);
void add_messages(commandline::App& app, Context& context);
void add_open(commandline::App& app, Context& context);
void add_edge(commandline::App& app, Context& context);
void add_certificates(commandline::App& app, Context& context);
void add_people(commandline::App& app, Context& context);
void add_sites(commandline::App& app, Context& context);
void add_hosts(commandline::App& app, Context& context);
void add_credentials(commandline::App& app, Context& context);
void add_sessions(commandline::App& app, Context& context);
void add_connect(commandline::App& app, Context& context);

/// A subcommand of `group`. What `work` fails with becomes the exit status.
commandline::App* add_command(commandline::App& group, const std::string& name,
                              const std::string& what, Context& context,
                              std::function<Outcome()> work);
/// The same, and also what `group` does when no subcommand is named.
commandline::App* add_default_command(commandline::App& group, const std::string& name,
                                      const std::string& what, Context& context,
                                      std::function<Outcome()> work);

/// The whole program but `main`: gives the exit status.
int run(int count, char** arguments);

}  // namespace sp::cli
