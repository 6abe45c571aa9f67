#include <unistd.h>

#include <sstream>

#include "base/setup/programs.h"
#include "base/setup/questions.h"
#include "base/setup/settings_text.h"
#include "base/testing/catch.h"

using namespace sp;

namespace {

const setup::Question colour{"--colour", "Which colour", "green", {"green", "red"}, {}};

}  // namespace

TEST_CASE("an option answers without a question", "[setup]") {
  std::istringstream in{"never read\n"};
  std::ostringstream out;
  setup::Questions questions{true, in, out};

  CHECK(questions.ask(colour, "red") == "red");

  CHECK(out.str().empty());
}

TEST_CASE("on a terminal a wrong answer is asked for again, and an empty one takes what stands",
          "[setup]") {
  std::istringstream in{"blue\n\n"};
  std::ostringstream out;
  setup::Questions questions{true, in, out};

  CHECK(questions.ask(colour, std::nullopt) == "green");

  CHECK(out.str() ==
        "Which colour (green, red) [green]:   must be one of green, red\n"
        "Which colour (green, red) [green]: ");
}

TEST_CASE("without a terminal what stands counts, and a wrong option is named", "[setup]") {
  std::istringstream in;
  std::ostringstream out;
  setup::Questions questions{false, in, out};

  CHECK(questions.ask(colour, std::nullopt) == "green");
  const auto refused = questions.ask(colour, "blue");

  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail() == "--colour: must be one of green, red");
}

TEST_CASE("the end of the input ends the questions", "[setup]") {
  std::istringstream in;
  std::ostringstream out;
  setup::Questions questions{true, in, out};

  CHECK_FALSE(questions.ask(colour, std::nullopt));
}

TEST_CASE("one setting changes and the rest stays as it was written", "[setup]") {
  const std::string text =
      "# ours\n[site]\nurl = \"old\"  # so\nthreads = 8\n\n[log]\nurl = \"x\"\n";

  CHECK(setup::with_setting(text, "site", "url", "new") ==
        "# ours\n[site]\nurl = \"new\"\nthreads = 8\n\n[log]\nurl = \"x\"\n");
  CHECK(setup::with_setting(text, "site", "key", "k") ==
        "# ours\n[site]\nurl = \"old\"  # so\nthreads = 8\nkey = \"k\"\n\n[log]\nurl = \"x\"\n");
  CHECK(setup::with_setting(text, "keys", "root", "r") == text + "\n[keys]\nroot = \"r\"\n");
  CHECK(setup::with_setting("", "a", "b", "c") == "[a]\nb = \"c\"\n");
}

TEST_CASE("a list is set as one line", "[setup]") {
  const std::string text = "[policy]\nports = [\"22\"]\n";

  CHECK(setup::with_list(text, "policy", "ports", {"22", "2222"}) ==
        "[policy]\nports = [\"22\", \"2222\"]\n");
  CHECK(setup::with_list(text, "policy", "networks", {}) == text + "networks = []\n");
}

TEST_CASE("a value cannot leave its quotes", "[setup]") {
  CHECK(setup::quoted("a\"b\\c\nd") == "\"a\\\"b\\\\c\\u000ad\"");
}

TEST_CASE("a program's output and status are told, and a missing one is an error", "[setup]") {
  const auto ran = setup::run({"sh", "-c", "echo out; echo err >&2; exit 3"});

  REQUIRE(ran);
  CHECK(ran->status == 3);
  CHECK(ran->output == "out\nerr\n");
  CHECK_FALSE(setup::run({"no-such-program-of-ours"}));
}

TEST_CASE("a program in the background ends with its owner", "[setup]") {
  auto running = setup::Background::start({"sleep", "600"});
  REQUIRE(running);

  CHECK(running->running());
}

TEST_CASE("what a program in the background said can be read", "[setup]") {
  auto ended = setup::Background::start({"sh", "-c", "echo why"});
  REQUIRE(ended);
  while (ended->running()) ::usleep(1000);

  CHECK(ended->said() == "why\n");
}
