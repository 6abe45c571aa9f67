#pragma once

#include <span>
#include <string_view>

namespace sp::edge_gateway::web {

/// One file of the terminal page, compiled into the program.
struct Asset {
  std::string_view path;   ///< "/s" is the page; the others are exact, as "/assets/app-1a2b3c4d.js"
  std::string_view type;   ///< the Content-Type
  std::string_view etag;   ///< weak, so that one serves all three encodings
  std::string_view cache;  ///< the Cache-Control
  std::string_view raw;
  std::string_view br;  ///< the same in brotli; empty where it would not be smaller
  std::string_view gz;  ///< the same in gzip; empty where it would not be smaller
};

/// All files, the page first. They live as long as the program.
std::span<const Asset> assets();

/// The Content-Security-Policy that the page was written for. It goes with every answer: a worker
/// follows the policy that came with its own script, not the page's.
std::string_view content_security_policy();

}  // namespace sp::edge_gateway::web
