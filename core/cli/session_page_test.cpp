#include "core/cli/session_page.h"

#include "base/bytes/bytes.h"
#include "base/testing/catch.h"

namespace sp::cli {
namespace {

std::string passed(std::initializer_list<std::string_view> typed, bool& left) {
  Escape escape;
  std::string out;
  for (const auto part : typed) out += escape.pass(part, left);
  return out;
}

}  // namespace

TEST_CASE("a session's address is taken apart", "[cli]") {
  const auto plain = parse_ticket_url("https://gate.example/s#aWQ.c2VjcmV0").value();
  CHECK(plain.origin == "https://gate.example");
  CHECK(plain.host == "gate.example");
  CHECK(plain.port == 443);
  CHECK(plain.id == "aWQ");
  CHECK(bytes::text(plain.secret.expose()) == "c2VjcmV0");
  const auto with_port = parse_ticket_url("https://[::1]:8444/s#a.b").value();
  CHECK(with_port.host == "::1");
  CHECK(with_port.port == 8444);
  CHECK(with_port.origin == "https://[::1]:8444");
  for (const auto* bad : {"http://g/s#a.b", "https://g/s#ab", "https://g/x#a.b", "https:///s#a.b",
                          "https://g:0/s#a.b", "https://g:x/s#a.b", "https://g/s#.b", ""})
    CHECK_FALSE(parse_ticket_url(bad));
}

TEST_CASE("the first messages are those of the format", "[cli]") {
  const auto ticket = parse_ticket_url("https://gate.example/s#aWQ.c2VjcmV0").value();

  CHECK(Json::parse(opening_with_ticket(ticket, {120, 40}, "xterm")) == Json{{"v", 1},
                                                                             {"id", "aWQ"},
                                                                             {"secret", "c2VjcmV0"},
                                                                             {"columns", 120},
                                                                             {"rows", 40},
                                                                             {"term", "xterm"}});
  CHECK(
      Json::parse(opening_with_resume("s", "r", 7, {80, 24})) ==
      Json{
          {"v", 1}, {"session", "s"}, {"resume", "r"}, {"seen", 7}, {"columns", 80}, {"rows", 24}});
}

TEST_CASE("~. at the beginning of a line leaves, and nothing else does", "[cli]") {
  bool left = false;
  CHECK(passed({"ls ~/x\r", "a~.b"}, left) == "ls ~/x\ra~.b");
  CHECK(passed({"~", "~", "."}, left) == "~.");
  CHECK(passed({"~x"}, left) == "~x");
  CHECK_FALSE(left);
  CHECK(passed({"ls\r", "~", ".rest"}, left) == "ls\r");
  CHECK(left);
}

TEST_CASE("an end is said in words", "[cli]") {
  CHECK(end_words("terminated", "Ada") == "it was ended by Ada");
  CHECK(end_words("idle", "") == "nothing was typed for too long");
  CHECK(end_words("unheard", "") == "it is over");
}

}  // namespace sp::cli
