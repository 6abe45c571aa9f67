#include <algorithm>
#include <functional>

#include "base/commandline/app.h"
#include "base/commandline/describe.h"

namespace sp::commandline {
namespace {

using Visit = std::function<void(const std::string& path, const App& app)>;

// `path` is "sallyport", "sallyport edge", ...
void walk(const App& app, const std::string& path, const Visit& visit) {
  visit(path, app);
  for (const auto& sub : app.subcommands()) walk(sub, path + " " + sub.name(), visit);
}

std::string words_of(const App& app) {
  std::string out;
  for (const auto& sub : app.subcommands()) out += sub.name() + " ";
  for (const auto& option : app.options())
    for (const auto& name : option.long_names) out += "--" + name + " ";
  if (!out.empty()) out.pop_back();
  return out;
}

std::string bash(const App& root, const std::string& name) {
  // A shell's function has no hyphen in its name.
  auto function = "_" + name;
  std::ranges::replace(function, '-', '_');
  std::string cases;
  walk(root, name, [&](const std::string& path, const App& app) {
    cases += "    \"" + path + "\") words=\"" + words_of(app) + "\" ;;\n";
  });
  return function + "() {\n" + "  local current=\"${COMP_WORDS[COMP_CWORD]}\" path=" + name +
         " word words=\"\"\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$word\" in -*|*/*|*.*) ;; *) path=\"$path $word\" ;; esac\n"
         "  done\n"
         "  case \"$path\" in\n" +
         cases +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$current\"))\n"
         "}\n"
         "complete -F " +
         function + " " + name;
}

std::string zsh(const App& root, const std::string& name) {
  return "#compdef " + name + "\nautoload -U +X bashcompinit && bashcompinit\n" + bash(root, name);
}

std::string quoted(std::string text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string{"\\'"} : std::string{c};
  return out + "'";
}

std::string fish(const App& root, const std::string& name) {
  const auto complete = "complete -c " + name + " ";
  std::string out = complete + "-f\n";
  walk(root, "", [&](const std::string& path, const App& app) {
    std::string condition = path.empty() ? "__fish_use_subcommand" : "";
    const auto last = path.substr(path.rfind(' ') + 1);
    if (!path.empty()) condition = "__fish_seen_subcommand_from " + last;
    for (const auto& sub : app.subcommands())
      out += complete + "-n " + quoted(condition) + " -a " + sub.name() + " -d " +
             quoted(sub.description()) + "\n";
    for (const auto& option : app.options())
      for (const auto& long_name : option.long_names)
        out +=
            complete + (path.empty() ? "" : "-n " + quoted(condition) + " ") + "-l " + long_name +
            " -d " + quoted(option.description) +
            (long_name.ends_with("file") || long_name == "ca" || long_name == "out" ? " -rF" : "") +
            "\n";
  });
  out.pop_back();
  return out;
}

}  // namespace

Result<std::string> completion(const App& app, const std::string& name, const std::string& shell) {
  if (shell == "bash") return bash(app, name);
  if (shell == "zsh") return zsh(app, name);
  if (shell == "fish") return fish(app, name);
  return Error{Code::invalid_input, "the shell is bash, zsh or fish"};
}

}  // namespace sp::commandline
