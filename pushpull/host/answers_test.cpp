#include "pushpull/host/answers.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::pushpull;

namespace {

std::string place_of(std::string path, std::string query) {
  http::Request request;
  request.path = std::move(path);
  request.query = std::move(query);
  request.headers = {{"Host", "elsewhere.example"}};
  return secure_place_of(request, "https://edge.example/");
}

}  // namespace

TEST_CASE("the way to https goes to the edge's own name, whatever Host says", "[host]") {
  CHECK(place_of("/m/abc", "") == "https://edge.example/m/abc");
  CHECK(place_of("/m", "a=b") == "https://edge.example/m?a=b");
}

TEST_CASE("what cannot stand in a header is left out of the way to https", "[host]") {
  CHECK(place_of("/a\r\nSet-Cookie: x", "") == "https://edge.example/");
  CHECK(place_of("/a b", "") == "https://edge.example/");
}
