#pragma once

#include <span>
#include <string_view>

#include "base/http/files.h"

namespace sp::edge_web {

/// All files of the recipient's page; it comes first, at "/m/" for every id. They live as long as
/// the program.
std::span<const http::Asset> assets();

/// The Content-Security-Policy that the page was written for. It goes with every answer: a worker
/// follows the policy that came with its own script, not the page's.
std::string_view content_security_policy();

}  // namespace sp::edge_web
