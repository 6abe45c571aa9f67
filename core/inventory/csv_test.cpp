#include "core/inventory/csv.h"

#include "base/testing/catch.h"

namespace sp::inventory {
namespace {

TEST_CASE("a table is read by its head, with quotes, line ends and blank lines", "[inventory]") {
  const auto parsed =
      parse_csv("\xef\xbb\xbfName, Site\r\nweb-1,Berlin\r\n\r\n\"a \"\"b\"\"\nc\",\n");

  REQUIRE_FALSE(parsed.problem);
  CHECK(parsed.table.columns == std::vector<std::string>{"name", "site"});
  REQUIRE(parsed.table.rows.size() == 2);
  CHECK(parsed.table.rows[0].line == 2);
  CHECK(parsed.table.rows[0].maybe("site") == "Berlin");
  CHECK(parsed.table.rows[1].line == 4);
  CHECK(parsed.table.rows[1].maybe("name") == "a \"b\"\nc");
  CHECK_FALSE(parsed.table.rows[1].maybe("site"));
  CHECK_FALSE(parsed.table.rows[1].maybe("port"));
}

TEST_CASE("semicolons separate where the head has them, and export's apostrophes go",
          "[inventory]") {
  const auto parsed = parse_csv("name;notes\nweb-1;'=1+1,x\n'it;'s\n");

  REQUIRE(parsed.table.rows.size() == 2);
  CHECK(parsed.table.rows[0].maybe("notes") == "=1+1,x");
  CHECK(parsed.table.rows[1].maybe("name") == "'it");
}

TEST_CASE("a list in a cell is trimmed, and has no empty items", "[inventory]") {
  const auto parsed = parse_csv("name,tags,hosts\nweb-1,\" a, ,b,\",\n");

  REQUIRE(parsed.table.rows.size() == 1);
  CHECK(parsed.table.rows[0].maybe_list("tags", ',') == std::vector<std::string>{"a", "b"});
  CHECK(parsed.table.rows[0].maybe_list("tags", '\n') == std::vector<std::string>{"a, ,b,"});
  CHECK_FALSE(parsed.table.rows[0].maybe_list("hosts", ','));
  CHECK_FALSE(parsed.table.rows[0].maybe_list("ports", ','));
}

TEST_CASE("what is no table is named with its line", "[inventory]") {
  struct Line {
    std::string text;
    int line;
  };
  const auto bad = GENERATE(from_range(std::vector<Line>{{"", 1},
                                                         {"a,a\n", 1},
                                                         {"a,\n1,2\n", 1},
                                                         {"a,b\n1,2\n1\n", 3},
                                                         {"a,b\n\"1\n\",2\n1,2,3\n", 4},
                                                         {"a,b\n1,\"2\n", 2},
                                                         {"a,b\n1\",2\n", 2},
                                                         {"a,b\n\"1\"x,2\n", 2},
                                                         {"a\n\xff\n", 1}}));
  CAPTURE(bad.text);
  const auto parsed = parse_csv(bad.text);

  REQUIRE(parsed.problem);
  CHECK(parsed.problem->line == bad.line);
}

}  // namespace
}  // namespace sp::inventory
