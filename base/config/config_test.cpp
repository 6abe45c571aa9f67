#include "base/config/config.h"

#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"

namespace sp::config {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

File read(std::string_view text) {
  auto file = File::parse(text, "/etc/sallyport/edge.toml");
  REQUIRE(file);
  return *std::move(file);
}

std::string complaint(File& file) {
  const auto finished = file.finish();
  return finished ? "" : finished.error().detail();
}

TEST_CASE("settings are read, and defaults stand where there are none", "[config]") {
  auto file = read(R"(
[public]
url = "https://portal.example"
listen = "0.0.0.0:443"
[limits]
connections = 5000
idle = "5m"
strict = true
proxies = ["10.0.0.1", "10.0.0.2"]
)");

  CHECK(file.required_text("public.url") == "https://portal.example");
  CHECK(file.text("public.listen", "") == "0.0.0.0:443");
  CHECK(file.text("log.level", "info") == "info");
  CHECK(file.number("limits.connections", 10, 1, 10'000) == 5000);
  CHECK(file.number("limits.other", 10, 1, 10'000) == 10);
  CHECK(file.duration("limits.idle", seconds{1}, seconds{1}, minutes{10}) == minutes{5});
  CHECK(file.flag("limits.strict", false));
  CHECK(file.texts("limits.proxies") == std::vector<std::string>{"10.0.0.1", "10.0.0.2"});
  CHECK(file.has("public"));
  CHECK_FALSE(file.has("embedded"));
  CHECK(complaint(file).empty());
}

TEST_CASE("paths start at the file's folder", "[config]") {
  auto file = read("[data]\ndirectory = \"../var\"\nkey = \"/run/key\"\n");

  CHECK(file.path("data.directory", "data") == "/etc/var");
  CHECK(file.required_path("data.key") == "/run/key");
  CHECK(file.path("data.slots", "slots.key") == "/etc/sallyport/slots.key");
  CHECK(file.path("data.none", "").empty());
}

TEST_CASE("a wrong value is refused with the file, the line and what to do", "[config]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"[a]\n\nport = \"443\"\n", ":3: a.port must be a whole number, without quotes"},
      {"[a]\nport = 70000\n", ":2: a.port must be from 1 to 65535"},
      {"[a]\nname = 7\n", ":2: a.name must be text in quotes"},
      {"[a]\nflag = \"yes\"\n", ":2: a.flag must be true or false, without quotes"},
      {"[a]\ntime = \"5 minutes\"\n",
       ":2: a.time must be a time from \"1s\" to \"1h\", such as \"1m\""},
      {"[a]\ntime = \"2h\"\n", ":2: a.time must be a time from \"1s\" to \"1h\", such as \"1m\""},
      {"[a]\nlevel = \"loud\"\n", ":2: a.level must be one of \"info\", \"debug\""},
      {"[a]\nlist = [1]\n", ":2: a.list must be a list of texts, such as [\"a\", \"b\"]"},
      {"[a]\nhost = \"x\"\nprot = 443\n",
       ":3: a.prot is not a setting of this program; correct its name or remove it"},
      {"[b.c]\nd = 1\n",
       ":2: b.c.d is not a setting of this program; correct its name or remove it"},
  }));
  auto file = read(text);
  file.number("a.port", 443, 1, 65535);
  file.text("a.name", "");
  file.text("a.host", "");
  file.flag("a.flag", false);
  file.duration("a.time", minutes{1}, seconds{1}, minutes{60});
  file.choice("a.level", {"info", "debug"}, "info");
  file.texts("a.list");

  CHECK(complaint(file) == "/etc/sallyport/edge.toml" + expected);
}

TEST_CASE("what is required and missing is named", "[config]") {
  auto file = read("[public]\n");

  file.required_path("public.certificate");

  CHECK(complaint(file) ==
        "/etc/sallyport/edge.toml: public.certificate is missing; set it to text in quotes");
}

TEST_CASE("text that is not TOML is refused with its line", "[config]") {
  const auto file = File::parse("[a]\nb = \n", "x.toml");

  REQUIRE_FALSE(file);
  CHECK(file.error().detail().starts_with("x.toml:2: not TOML: "));
  CHECK(File::parse("[=", "x.toml").error().code() == Code::invalid_input);
}

TEST_CASE("a file that is no text is refused", "[config]") {
  const auto control = File::parse("a = 1\n[\x0F", "x.toml");
  const auto latin = File::parse("a = '\xFC'", "x.toml");

  CHECK(control.error().detail() == "x.toml:2: a control character; is this a text file?");
  CHECK(File::parse("a\xC7\xA4 = 1", "x.toml").error().detail() ==
        "x.toml:1: a character beyond ASCII; put it in double quotes, on one line");
  CHECK(latin.error().detail() == "x.toml: not UTF-8; save it in that encoding");
}

TEST_CASE("text in any script is kept", "[config]") {
  auto file = read("a = \"\\\"\xC3\xBC\xE6\x9C\xAC\xF0\x9F\x94\x91\" # \xC3\xBC\nb = 'x'\n");

  CHECK(file.text("a", "") == "\"\xC3\xBC\xE6\x9C\xAC\xF0\x9F\x94\x91");
  CHECK(file.text("b", "") == "x");
}

TEST_CASE("a file is opened, and a missing one is named", "[config]") {
  const testing::TemporaryFolder folder;
  REQUIRE(write_file(folder / "a.toml", bytes::of("x = 1"), 0644));

  CHECK(File::open(folder / "a.toml")->number("x", 0, 0, 9) == 1);
  CHECK(File::open(folder / "b.toml").error().code() == Code::not_found);
}

TEST_CASE("a table without keys is refused unless a setting of it was asked for", "[config]") {
  auto file = read("[limits]\n[limitz]\n");

  file.number("limits.connections", 10, 1, 100);

  CHECK(complaint(file).ends_with(
      ":2: limitz is not a setting of this program; correct its name or remove it"));
}

}  // namespace
}  // namespace sp::config
