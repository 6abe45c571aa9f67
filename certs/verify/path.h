#pragma once
// Every path from a leaf to a trusted root, shortest first tried by depth-first search within a
// budget: one wrong turn (an expired cross-signed root) must not hide the right path.

#include <functional>

#include "certs/verify/rules.h"

namespace sp::certs::verify {

enum class Search : std::uint8_t { found, exhausted, out_of_budget };

/// Calls `accept` with each path whose signatures hold, until it returns true.
Search find_path(const Question& question, const std::function<bool(Path)>& accept);

}  // namespace sp::certs::verify
