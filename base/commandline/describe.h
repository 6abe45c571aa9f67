#pragma once
// What a program's tree of commands says of itself: its manual page and its completion scripts.
// Written from the tree, so that they never lag behind it.

#include <string>
#include <vector>

#include "base/result/result.h"

namespace sp::commandline {

class App;

struct File {
  std::string path, what;
};
/// What the tree of commands does not know.
struct About {
  std::string name;  ///< "sallyport-core"
  std::vector<File> files;
  std::vector<std::string> examples;
};

/// man(7) macros.
std::string man_page(const App& app, const About& about);
/// `shell`: bash, zsh or fish; `invalid_input` for another.
Result<std::string> completion(const App& app, const std::string& name, const std::string& shell);
/// Adds the commands `man` and `completion SHELL`, which print to standard output.
void add_descriptions(App& app, const About& about);

}  // namespace sp::commandline
