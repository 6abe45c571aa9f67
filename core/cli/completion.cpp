// Completion scripts, written from the tree of commands itself so that they never lag behind.
#include <CLI/CLI.hpp>

#include <functional>

#include "core/cli/commands.h"

namespace sp::cli {
namespace {

using Visit = std::function<void(const std::string& path, const CLI::App& app)>;

// `path` is "sallyport", "sallyport edge", ...
void walk(const CLI::App& app, const std::string& path, const Visit& visit) {
  visit(path, app);
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    walk(*sub, path + " " + sub->get_name(), visit);
}

std::string words_of(const CLI::App& app) {
  std::string out;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    out += sub->get_name() + " ";
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames()) out += "--" + name + " ";
  if (!out.empty()) out.pop_back();
  return out;
}

std::string bash(const CLI::App& root) {
  std::string cases;
  walk(root, "sallyport", [&](const std::string& path, const CLI::App& app) {
    cases += "    \"" + path + "\") words=\"" + words_of(app) + "\" ;;\n";
  });
  return "_sallyport() {\n"
         "  local current=\"${COMP_WORDS[COMP_CWORD]}\" path=sallyport word words=\"\"\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$word\" in -*|*/*|*.*) ;; *) path=\"$path $word\" ;; esac\n"
         "  done\n"
         "  case \"$path\" in\n" +
         cases +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$current\"))\n"
         "}\n"
         "complete -F _sallyport sallyport";
}

std::string zsh(const CLI::App& root) {
  return "#compdef sallyport\nautoload -U +X bashcompinit && bashcompinit\n" + bash(root);
}

std::string quoted(std::string text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string{"\\'"} : std::string{c};
  return out + "'";
}

std::string fish(const CLI::App& root) {
  std::string out = "complete -c sallyport -f\n";
  walk(root, "", [&](const std::string& path, const CLI::App& app) {
    std::string condition = path.empty() ? "__fish_use_subcommand" : "";
    const auto last = path.substr(path.rfind(' ') + 1);
    if (!path.empty()) condition = "__fish_seen_subcommand_from " + last;
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
      out += "complete -c sallyport -n " + quoted(condition) + " -a " + sub->get_name() + " -d " +
             quoted(sub->get_description()) + "\n";
    for (const auto* option : app.get_options())
      for (const auto& name : option->get_lnames())
        out += "complete -c sallyport " + (path.empty() ? "" : "-n " + quoted(condition) + " ") +
               "-l " + name + " -d " + quoted(option->get_description()) +
               (name.ends_with("file") || name == "ca" || name == "out" ? " -rF" : "") + "\n";
  });
  out.pop_back();
  return out;
}

}  // namespace

void add_completion(CLI::App& app, Context&) {
  auto shell = std::make_shared<std::string>();
  auto* command = app.add_subcommand("completion", "Print a completion script for a shell");
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([shell, &app] {
    say(*shell == "fish" ? fish(app) : *shell == "zsh" ? zsh(app) : bash(app));
  });
}

}  // namespace sp::cli
