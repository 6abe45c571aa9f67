#include "pushpull/setup/words.h"

#include "base/testing/catch.h"
#include "pushpull/setup/testing/standing.h"

using namespace sp;
using namespace sp::pushpull;

namespace {

const Standing values = pushpull::testing::standing("https://send.example.com", {{"a", "b"}});

const OwnList letters{.option = "--letters",
                      .question = "Letters",
                      .table = "own",
                      .key = "letters",
                      .otherwise = {},
                      .none = "all",
                      .usual = [](const std::string& text) -> std::optional<std::string> {
                        if (text.size() != 1) return std::nullopt;
                        return text;
                      },
                      .rule = "letters"};

std::string written(const std::string& text, const Standing& before, const Standing& after) {
  return configuration(text, before, after, {letters}, "sallyport-edge");
}

std::string refusal(const std::string& answer, const OwnList& list) {
  const auto texts = texts_of(answer, list);
  return texts ? "accepted" : texts.error().detail();
}

}  // namespace

TEST_CASE("a list is answered with commas, and one word stands for none", "[setup]") {
  CHECK(texts_of("a, b,c", letters) == Texts{"a", "b", "c"});
  CHECK(texts_of("all", letters) == Texts{});
  CHECK(answer_of({"a", "b"}, letters) == "a, b");
  CHECK(answer_of({}, letters) == "all");
}

TEST_CASE("a list that breaks its rule is refused with the rule", "[setup]") {
  auto needed = letters;
  needed.none = "";

  CHECK(refusal("a,,b", letters) == "must be letters, with commas between them, or all");
  CHECK(refusal("ab", letters) == "must be letters, with commas between them, or all");
  CHECK(refusal("", needed) == "must be letters, with commas between them");
}

TEST_CASE("a first set-up writes everything and says who wrote it", "[setup]") {
  const auto text = written("", values, values);

  CHECK(text.starts_with("# Made by sallyport-edge setup; see sallyport-edge(1)."));
  CHECK(text.find("[public]\nurl = \"https://send.example.com\"\n") != std::string::npos);
  CHECK(text.find("[own]\nletters = [\"a\", \"b\"]\n") != std::string::npos);
}

TEST_CASE("a second set-up changes what is asked and no other line", "[setup]") {
  const std::string text =
      "[public]\nurl = \"https://send.example.com\"  # so\ncertificate = \"site.crt\"\n"
      "[own]\nletters = [\n  \"a\",\n  \"b\",\n]\n";
  auto after = values;
  after.url = "https://other.example.com";

  CHECK(written(text, values, values) == text);
  CHECK(written(text, values, after) ==
        "[public]\nurl = \"https://other.example.com\"\ncertificate = \"site.crt\"\n"
        "[own]\nletters = [\n  \"a\",\n  \"b\",\n]\n");
}

TEST_CASE("the firewall's words name every listener and no core", "[setup][promise-1]") {
  auto with_http = values;
  with_http.plain_http = "0.0.0.0:80";

  const auto words = firewall_words(with_http, "everybody", "recipients", "and nothing else\n");

  CHECK(words ==
        "A firewall must allow\n"
        "  everybody           -> 0.0.0.0:443 (TCP): recipients\n"
        "  the core's address  -> 192.0.2.10:9443 (TCP): the core alone\n"
        "  everybody           -> 0.0.0.0:80 (TCP): certificate authorities\n"
        "and nothing else\n");
}
