#pragma once
// The three commands of `sallyport-selfdestruct`. Each gives the exit code.

#include <filesystem>

namespace sp::edge_selfdestruct {

/// Runs until SIGTERM or SIGINT; SIGHUP reads the certificates again.
int serve(const std::filesystem::path& config);
/// Takes the kit that the core made for this edge.
int enrol(const std::filesystem::path& kit, const std::filesystem::path& config);
/// Says how the edge stands; also while it runs.
int status(const std::filesystem::path& config);

}  // namespace sp::edge_selfdestruct
