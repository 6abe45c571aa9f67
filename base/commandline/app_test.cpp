#include "base/commandline/app.h"

#include "base/testing/catch.h"

using namespace sp;

namespace {

struct Door {
  commandline::App app{"Guards a door", "door-keeper"};
  commandline::App* open = app.add_subcommand("open", "Open it");
  std::vector<std::string> to;
  std::string side = "front";
  int width = 0;
  bool wide = false;
  int opened = 0;
  Door() {
    app.set_version_flag("--version", "7");
    app.require_subcommand(1);
    open->add_option("--to", to, "For whom")->one_at_a_time();
    open->add_option("--side", side, "Which")->one_of({"front", "back"})->capture_default_str();
    auto* wish = open->add_option("--width", width, "How wide")->within(1, 3);
    open->add_flag("--wide", wide, "As far as it goes")->excludes(wish);
    open->callback([this] { ++opened; });
  }
  std::string complaint(const std::vector<std::string>& arguments) {
    const auto ended = app.parse(arguments);
    return ended && ended->code != 0 ? ended->complaint : "none";
  }
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a command runs once its arguments are good", "[commandline]") {
  Door door;

  CHECK_FALSE(door.app.parse({"open", "--to", "Ann", "--to", "Bob", "--width", "2"}));

  CHECK(door.opened == 1);
  CHECK(door.to == std::vector<std::string>{"Ann", "Bob"});
  CHECK(door.width == 2);
  CHECK(door.open->count() == 2);
  CHECK(door.app.got_subcommand());
  CHECK_FALSE(door.open->got_subcommand());
}

TEST_CASE("what is wrong with the arguments is told, and nothing runs", "[commandline]") {
  Door door;

  CHECK(holds(door.complaint({}), "subcommand"));
  CHECK(holds(door.complaint({"open", "--side", "up"}), "--side: up not in {front,back}"));
  CHECK(holds(door.complaint({"open", "--width", "4"}), "--width: Value 4 not in range"));
  CHECK(holds(door.complaint({"open", "--wide", "--width", "1"}), "excludes"));
  CHECK(holds(door.complaint({"open", "--to", "Ann", "Bob"}), "Bob"));
  CHECK(door.opened == 0);
}

TEST_CASE("help and version end a call well", "[commandline]") {
  Door door;

  const auto version = door.app.parse({"--version"});
  const auto help = door.app.parse({"open", "--help"});

  REQUIRE(version);
  CHECK(version->code == 0);
  CHECK(version->text == "7\n");
  REQUIRE(help);
  CHECK(help->code == 0);
  CHECK(holds(help->text, "--side TEXT:{front,back}"));
  CHECK(door.opened == 0);
}
