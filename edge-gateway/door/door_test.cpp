#include "edge-gateway/door/door.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;

TEST_CASE("an origin is written as a browser writes it", "[gateway]") {
  CHECK(origin_of("https://gate.example.com") == "https://gate.example.com");
  CHECK(origin_of("https://Gate.example.com:443/") == "https://gate.example.com");
  CHECK(origin_of("https://gate.example.com:8443/s?x") == "https://gate.example.com:8443");
  CHECK(origin_of("https://[2001:db8::1]:8443/") == "https://[2001:db8::1]:8443");
}

TEST_CASE("the page is given out under its own policy, and nothing else is", "[gateway]") {
  const Page page;
  http::Request request;
  request.method = "GET";
  request.path = "/s";

  const auto found = page.answer(request);
  CHECK(found.status == 200);
  CHECK(found.shared_headers->find("Content-Security-Policy: default-src 'none'") !=
        std::string::npos);
  CHECK(found.shared_headers->find("Cache-Control: no-store") != std::string::npos);
  request.method = "POST";
  CHECK(page.answer(request).status == 405);
  request.path = "/s/";
  CHECK(page.answer(request).status == 404);
}
