#include "edge-selfdestruct/web/assets.h"

#include <algorithm>
#include <string>

#include "base/testing/catch.h"

namespace {

using sp::http::Asset;

constexpr std::size_t most_compressed_bytes = 40 * 1024;

bool is_passphrase_module(const Asset& asset) {
  return asset.path.starts_with("/assets/argon2-");
}

std::size_t compressed_without_passphrase_module() {
  std::size_t sum = 0;
  for (const auto& asset : sp::edge_web::assets())
    if (!is_passphrase_module(asset)) sum += asset.gz.empty() ? asset.raw.size() : asset.gz.size();
  return sum;
}

std::string_view page() {
  return sp::edge_web::assets().front().raw;
}

bool page_names(const Asset& asset) {
  return page().find(".." + std::string(asset.path)) != std::string_view::npos;
}

}  // namespace

TEST_CASE("the page comes first and is never cached", "[edge_web]") {
  const auto& first = sp::edge_web::assets().front();

  CHECK(first.path == "/m/");
  CHECK(first.type == "text/html; charset=utf-8");
  CHECK(first.cache == "no-store");
}

TEST_CASE("the page names its script and style by relative addresses", "[edge_web]") {
  const auto all = sp::edge_web::assets();

  CHECK(std::ranges::count_if(all.subspan(1), page_names) == 3);  // script, style, icon
  CHECK(page().find("=\"/") == std::string_view::npos);
}

TEST_CASE("the page stays under 40 KiB without the passphrase module", "[edge_web]") {
  CHECK(compressed_without_passphrase_module() < most_compressed_bytes);
  CHECK(std::ranges::count_if(sp::edge_web::assets(), is_passphrase_module) == 1);
}

TEST_CASE("the policy starts from nothing and allows no inline script", "[edge_web]") {
  const auto policy = sp::edge_web::content_security_policy();

  CHECK(policy.starts_with("default-src 'none'; script-src 'self'"));
  CHECK(policy.find("unsafe-inline") == std::string_view::npos);
  CHECK(policy.find('\n') == std::string_view::npos);
}
