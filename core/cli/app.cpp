#include "base/commandline/app.h"

#include "base/commandline/describe.h"
#include "core/cli/commands.h"

namespace sp::cli {

namespace {

commandline::About about() {
  return {"sallyport",
          {{"~/.config/sallyport/config.json", "server and authority, as remembered by login"},
           {"~/.config/sallyport/token", "the API token; only its owner may read it"}},
          {"echo 'the door code is 4711' | sallyport send --views 1 --expires 1d",
           "sallyport open 'https://portal.example/m/...#...' --out Downloads"}};
}

std::function<void()> judged(Context& context, std::function<Outcome()> work) {
  return [&context, work = std::move(work)] {
    const auto done = work();
    if (!done) fail(context, done.error());
  };
}

}  // namespace

commandline::App* add_command(commandline::App& group, const std::string& name,
                              const std::string& what, Context& context,
                              std::function<Outcome()> work) {
  auto* added = group.add_subcommand(name, what);
  added->callback(judged(context, std::move(work)));
  return added;
}

commandline::App* add_default_command(commandline::App& group, const std::string& name,
                                      const std::string& what, Context& context,
                                      std::function<Outcome()> work) {
  group.callback([&group, otherwise = judged(context, work)] {
    if (!group.got_subcommand()) otherwise();
  });
  auto* added = add_command(group, name, what, context, std::move(work));
  group.require_subcommand(0, 1);
  return added;
}

int run(int count, char** arguments) {
  Context context;
  commandline::App app{"Messages that destroy themselves, from the command line.", "sallyport"};
  app.set_version_flag("--version", "sallyport " SALLYPORT_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--server", context.server, "The core, as https://host:port; remembered by login");
  app.add_option("--token-file", context.token_file,
                 "File with an API token, instead of the one of login");
  app.add_option("--ca", context.ca_file,
                 "Certificate of the authority to trust (PEM); remembered by login");
  app.add_flag("--json", context.json, "Print what the server answered as JSON");

  app.parse_complete_callback([&context] {
    const auto loaded = load_config(context);
    if (!loaded) fail(context, loaded.error());
  });
  add_login(app, context);
  add_send(app, context);
  add_messages(app, context);
  add_open(app, context);
  add_edge(app, context);
  add_certificates(app, context);
  add_people(app, context);
  add_sites(app, context);
  add_hosts(app, context);
  add_credentials(app, context);
  add_sessions(app, context);
  add_connect(app, context);
  commandline::add_descriptions(app, about());
  const auto ended = app.parse(count, arguments);
  if (!ended) return context.exit;
  if (ended->code == 0) return ended->print();
  complain(ended->complaint);
  hint("sallyport --help shows how to call it");
  return exit_code(Code::invalid_input);
}

}  // namespace sp::cli
