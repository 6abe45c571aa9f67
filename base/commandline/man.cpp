#include <cstdio>

#include "base/commandline/app.h"
#include "base/commandline/describe.h"

namespace sp::commandline {
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

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string options_of(const App& app) {
  std::string out;
  for (const auto& option : app.options())
    out += ".TP\n.B " + roff(option.name) + "\n" + roff(option.description) + "\n";
  return out;
}

std::string commands_of(const App& app, const std::string& path) {
  std::string out;
  for (const auto& sub : app.subcommands()) {
    const auto name = path + " " + sub.name();
    out += ".SS " + roff(name) + "\n" + roff(sub.description()) + ".\n" + options_of(sub);
    out += commands_of(sub, name);
  }
  return out;
}

std::string files_of(const About& about) {
  if (about.files.empty()) return {};
  std::string out = ".SH FILES\n";
  for (const auto& file : about.files)
    out += ".TP\n.I " + roff(file.path) + "\n" + roff(file.what) + "\n";
  return out;
}

std::string examples_of(const About& about) {
  if (about.examples.empty()) return {};
  std::string out = ".SH EXAMPLES\n.nf\n";
  for (const auto& line : about.examples) out += roff(line) + "\n";
  return out + ".fi\n";
}

}  // namespace

std::string man_page(const App& app, const About& about) {
  auto page = ".TH " + upper(about.name) + " 1 \"\" \"sallyport " SALLYPORT_VERSION "\"" +
              " \"User commands\"\n.SH NAME\n" + about.name + " \\- " + roff(app.description()) +
              "\n.SH SYNOPSIS\n.B " + about.name + "\n[options] command [options]\n.SH OPTIONS\n" +
              options_of(app) + ".SH COMMANDS\n" + commands_of(app, about.name) + files_of(about) +
              ".SH EXIT STATUS\n0 when it worked; else a number for each kind of failure.\n" +
              examples_of(about);
  page.pop_back();
  return page;
}

void add_descriptions(App& app, const About& about) {
  app.add_subcommand("man", "Print the manual page: " + about.name + " man | man -l -")
      ->callback([&app, about] { std::printf("%s\n", man_page(app, about).c_str()); });
  const auto shell = std::make_shared<std::string>();
  auto* command = app.add_subcommand("completion", "Print a completion script for a shell");
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->one_of({"bash", "zsh", "fish"});
  command->callback([&app, about, shell] {
    if (const auto script = completion(app, about.name, *shell))
      std::printf("%s\n", script->c_str());
  });
}

}  // namespace sp::commandline
