#include "edge-gateway/wire/messages.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;

namespace {

const std::string ticket =
    R"({"v":1,"id":"AAECAwQFBgcICQoLDA0ODw","secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","columns":120,"rows":40,"term":"xterm-256color"})";
const std::string again =
    R"({"v":1,"session":"AAECAwQFBgcICQoLDA0ODw","resume":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seen":18342,"columns":120,"rows":40})";

std::string changed(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("both openings are read", "[gateway]") {
  const auto first = decode_opening(ticket);
  const auto second = decode_opening(again);

  REQUIRE(first);
  REQUIRE(std::holds_alternative<WithTicket>(*first));
  CHECK(std::get<WithTicket>(*first).id[15] == std::byte{15});
  CHECK(std::get<WithTicket>(*first).window.columns == 120);
  REQUIRE(second);
  REQUIRE(std::holds_alternative<WithResume>(*second));
  CHECK(std::get<WithResume>(*second).seen == 18'342);
}

TEST_CASE("an opening with anything wrong in it is refused", "[gateway]") {
  const auto text = GENERATE_COPY(values<std::string>({
      "",
      "[]",
      "{}",
      ticket + " x",
      changed(ticket, "\"v\":1", "\"v\":2"),
      changed(ticket, "\"v\":1", "\"v\":1,\"more\":0"),
      changed(ticket, "AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0OD"),
      changed(ticket, "\"AAAAAAAA", "\"AAAA"),
      changed(ticket, "120", "0"),
      changed(ticket, "120", "1001"),
      changed(ticket, "120", "1.5"),
      changed(ticket, "120", "-1"),
      changed(ticket, "xterm-256color", "xterm;rm"),
      changed(ticket, "xterm-256color", ""),
      changed(again, "18342", "\"18342\""),
      changed(again, "\"seen\":18342,", ""),
  }));

  CHECK_FALSE(decode_opening(text));
}

TEST_CASE("what a page says later is read", "[gateway]") {
  const auto size = decode_from_page(R"({"type":"size","columns":80,"rows":24})");
  const auto put = decode_from_page(
      R"({"type":"put","request":7,"path":"a/b","size":10,"offset":0,"replace":true})");

  REQUIRE(size);
  CHECK(std::get<WindowSize>(*size).rows == 24);
  REQUIRE(put);
  CHECK(std::get<FileRequest>(*put).path == "a/b");
  CHECK(std::get<FileRequest>(*put).replace);
  CHECK(decode_from_page(R"({"type":"seen","seen":9007199254740992})"));
  CHECK(decode_from_page(R"({"type":"end"})"));
}

TEST_CASE("what no page says is refused", "[gateway]") {
  const auto text = GENERATE(values<std::string>({
      R"({"type":"end","by":"me"})",
      R"({"type":"seen","seen":-1})",
      R"({"type":"seen","seen":9007199254740993})",
      R"({"type":"list","request":1})",
      R"({"type":"list","request":4294967296,"path":""})",
      R"({"type":"list","request":1,"path":"a\u0000b"})",
      R"({"type":"get","request":1,"path":"a"})",
      R"({"type":"cancel","request":1,"path":"a"})",
      R"({"type":"exec","request":1,"path":"a"})",
  }));

  CHECK_FALSE(decode_from_page(text));
  CHECK_FALSE(decode_from_page(R"({"type":"list","request":1,"path":")" +
                               std::string(most_path + 1, 'x') + "\"}"));
}

TEST_CASE("what the gateway says has the members of session.md", "[gateway]") {
  const auto resume = Secret{resume_secret_size};

  CHECK(watched_json("Ada") == R"({"type":"watched","by":"Ada"})");
  CHECK(watched_json("") == R"({"type":"watched","by":null})");
  CHECK(ended_json("logout", 3, "") == R"({"type":"ended","reason":"logout","exit":3,"by":null})");
  CHECK(ready_json({.session = {},
                    .resume = resume,
                    .title = "db",
                    .user = "Mary",
                    .recorded = true,
                    .records_input = false,
                    .rights = 1,
                    .idle = Duration{5},
                    .left = Duration{6}}) ==
        R"({"type":"ready","session":"AAAAAAAAAAAAAAAAAAAAAA",)"
        R"("resume":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","title":"db","user":"Mary",)"
        R"("recorded":true,"records_input":false,"rights":{"input":true,"paste":false,)"
        R"("copy":false,"upload":false,"download":false},"idle_ms":5,"left_ms":6})");
  CHECK(failed_json(4, "forbidden") == R"({"type":"failed","request":4,"code":"forbidden"})");
}
