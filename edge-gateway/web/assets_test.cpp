#include "edge-gateway/web/assets.h"

#include <algorithm>
#include <string>

#include "base/testing/catch.h"

namespace {

using sp::http::Asset;

constexpr std::size_t most_compressed_bytes = 200 * 1024;

std::size_t compressed_bytes() {
  std::size_t sum = 0;
  for (const auto& asset : sp::edge_gateway::web::assets())
    sum += asset.gz.empty() ? asset.raw.size() : asset.gz.size();
  return sum;
}

bool page_names(const Asset& asset) {
  const auto page = sp::edge_gateway::web::assets().front().raw;
  return page.find("." + std::string(asset.path)) != std::string_view::npos;
}

}  // namespace

TEST_CASE("the terminal page comes first and is never cached", "[edge_gateway]") {
  const auto& first = sp::edge_gateway::web::assets().front();

  CHECK(first.path == "/s");
  CHECK(first.type == "text/html; charset=utf-8");
  CHECK(first.cache == "no-store");
}

TEST_CASE("the terminal page names its script, style and icon", "[edge_gateway]") {
  CHECK(std::ranges::count_if(sp::edge_gateway::web::assets().subspan(1), page_names) == 3);
}

TEST_CASE("the terminal page stays under 200 KiB", "[edge_gateway]") {
  CHECK(compressed_bytes() < most_compressed_bytes);
}

TEST_CASE("the terminal page's policy starts from nothing and allows nothing inline",
          "[edge_gateway]") {
  const auto policy = sp::edge_gateway::web::content_security_policy();

  CHECK(policy.starts_with("default-src 'none'; script-src 'self'"));
  CHECK(policy.find("unsafe") == std::string_view::npos);
  CHECK(policy.find("nonce") == std::string_view::npos);
}
