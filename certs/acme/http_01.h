#pragma once
// Ways to answer http-01 (RFC 8555 section 8.3) from one machine.

#include <filesystem>
#include <memory>
#include <string>

#include "certs/acme/solver.h"

namespace sp::acme {

inline constexpr std::string_view well_known = "/.well-known/acme-challenge/";

/// A plain-HTTP server of its own at `listen` ("0.0.0.0:80", "[::]:80"), which says nothing else.
Result<std::unique_ptr<ChallengeSolver>> http_01_responder(const std::string& listen);
/// Files in `folder`/.well-known/acme-challenge, for a web server that serves `folder`.
std::unique_ptr<ChallengeSolver> http_01_webroot(std::filesystem::path folder);

}  // namespace sp::acme
