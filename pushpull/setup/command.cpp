#include <memory>

#include "base/commandline/app.h"
#include "pushpull/setup/steps.h"

namespace sp::pushpull {
namespace {

void add_own(commandline::App& command, Task& task) {
  task.options.own.resize(task.setup.own.size());
  for (std::size_t i = 0; i < task.setup.own.size(); ++i) {
    const auto& list = task.setup.own.at(i);
    command.add_option(list.option, task.options.own.at(i), list.question);
  }
}

}  // namespace

void add_setup(commandline::App& app, const EdgeProgram& program, Setup setup,
               std::function<void(int)> done) {
  const auto task = std::make_shared<Task>(Task{program, std::move(setup), {}});
  auto& options = task->options;
  auto* command =
      app.add_subcommand("setup", "set up this " + program.what +
                                      ": asks on the terminal, or takes every answer as an option");
  const auto answer = [&](const char* name, std::optional<std::string>& to,
                          const std::string& what) { command->add_option(name, to, what); };
  options.config = program.config;
  command->add_option("--config", options.config, "configuration file")->capture_default_str();
  command->add_flag("--non-interactive", options.non_interactive,
                    "ask nothing: options, what stands, and defaults answer");
  command->add_flag("--no-start", options.no_start, "do not start it and do not look at it");
  answer("--data", options.data, "folder of data, keys and certificates");
  answer("--url", options.url, "address of the " + program.what + ", as browsers show it");
  answer("--listen", options.listen, "address and port for " + task->setup.users);
  answer("--intake", options.intake, "address and port for the core");
  add_own(*command, *task);
  answer("--certificate", options.certificate, "self-signed, internal-ca, files or keep");
  answer("--certificate-file", options.certificate_file, "chain, PEM, for --certificate files");
  answer("--key-file", options.key_file, "key, PEM, for --certificate files");
  answer("--kit", options.kit, "the kit that the core made for this edge");
  command->callback([task, done = std::move(done)] { done(run_setup(*task)); });
}

}  // namespace sp::pushpull
