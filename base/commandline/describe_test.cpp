#include "base/commandline/describe.h"

#include "base/commandline/app.h"
#include "base/testing/catch.h"

using namespace sp;

namespace {

struct Tree {
  commandline::App app{"Guards a door", "door-keeper"};
  std::string to;
  Tree() {
    app.add_subcommand("open", "Open it")->add_option("--to-file", to, "For whom - and why");
  }
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a manual page tells every command and option", "[commandline]") {
  const Tree tree;

  const auto page = commandline::man_page(
      tree.app, {"door-keeper", {{"/etc/door", "which door"}}, {"door-keeper open --to-file x"}});

  CHECK(page.starts_with(".TH DOOR-KEEPER 1 "));
  CHECK(holds(page, ".SS door\\-keeper open\nOpen it."));
  CHECK(holds(page, ".B \\-\\-to\\-file\nFor whom \\- and why\n"));
  CHECK(holds(page, ".I /etc/door\nwhich door\n"));
  CHECK(holds(page, "door\\-keeper open \\-\\-to\\-file x\n.fi"));
}

TEST_CASE("completion scripts carry the program's name, whatever the shell", "[commandline]") {
  const Tree tree;

  CHECK(holds(*commandline::completion(tree.app, "door-keeper", "bash"),
              "complete -F _door_keeper door-keeper"));
  CHECK(holds(*commandline::completion(tree.app, "door-keeper", "bash"),
              "\"door-keeper open\") words=\"--help --to-file\""));
  CHECK(
      commandline::completion(tree.app, "door-keeper", "zsh")->starts_with("#compdef door-keeper"));
  CHECK(holds(*commandline::completion(tree.app, "door-keeper", "fish"),
              "complete -c door-keeper -n '__fish_seen_subcommand_from open' -l to-file"));
  CHECK_FALSE(commandline::completion(tree.app, "door-keeper", "csh"));
}
