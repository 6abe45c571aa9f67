// The manual page, written from the tree of commands itself (man(7) macros).
#include <CLI/CLI.hpp>

#include "core/cli/commands.h"

namespace sp::cli {
namespace {

std::string roff(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out += "\\&";
  for (const char c : text) {
    if (c == '\\' || c == '-') out += '\\';
    out += c;
  }
  return out;
}

std::string options_of(const CLI::App& app) {
  std::string out;
  for (const auto* option : app.get_options()) {
    const bool positional = option->get_positional();
    out += ".TP\n.B " + roff(option->get_name(positional)) + "\n" +
           roff(option->get_description()) + "\n";
  }
  return out;
}

std::string commands_of(const CLI::App& app, const std::string& path) {
  std::string out;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    const auto name = path + " " + sub->get_name();
    out += ".SS " + roff(name) + "\n" + roff(sub->get_description()) + ".\n" + options_of(*sub);
    out += commands_of(*sub, name);
  }
  return out;
}

std::string page(const CLI::App& app) {
  return ".TH SALLYPORT 1 \"\" \"sallyport " SALLYPORT_VERSION
         "\" \"User commands\"\n.SH NAME\nsallyport \\- " +
         roff(app.get_description()) +
         "\n.SH SYNOPSIS\n.B sallyport\n[options] command [options]\n.SH OPTIONS\n" +
         options_of(app) + ".SH COMMANDS\n" + commands_of(app, "sallyport") +
         ".SH FILES\n.TP\n.I ~/.config/sallyport/config.json\nserver and authority, as remembered "
         "by login\n"
         ".TP\n.I ~/.config/sallyport/token\nthe API token; only its owner may read it\n"
         ".SH EXIT STATUS\n0 when it worked; else a number for each kind of failure.\n"
         ".SH EXAMPLES\n.nf\necho 'the door code is 4711' | sallyport send \\-\\-views 1 "
         "\\-\\-expires 1d\n"
         "sallyport open 'https://portal.example/m/...#...' \\-\\-out Downloads\n.fi";
}

}  // namespace

void add_man(CLI::App& app, Context&) {
  auto* command = app.add_subcommand("man", "Print the manual page: sallyport man | man -l -");
  command->callback([&app] { say(page(app)); });
}

}  // namespace sp::cli
