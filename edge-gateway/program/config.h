#pragma once
#include <filesystem>
#include <string_view>

#include "base/limiter/limiter.h"
#include "base/result/result.h"
#include "edge-gateway/sessions/roster.h"
#include "edge-gateway/target/target.h"
#include "pushpull/host/config.h"

namespace sp::edge_gateway {

/// gateway.toml (docs/operations.md). Every relative path in it counts from the file's own folder.
struct Config {
  pushpull::HostConfig host;
  TargetPolicy policy;    ///< `[policy]`, without the machine's own addresses
  RosterLimits sessions;  ///< `[limits] sessions` and so on
  SessionRules rules;     ///< `[limits] session_hours`
  Rate tries{.burst = 30, .every = Duration{2'000}};  ///< `[limits] wrong_tickets_per_minute`
};

/// `invalid_input` with a sentence that names the setting: an unknown one, a missing one, or one of
/// the wrong kind.
Result<Config> read_config(const std::filesystem::path& path);
/// `text` as if it stood in `path`.
Result<Config> decode_config(std::string_view text, const std::filesystem::path& path);

}  // namespace sp::edge_gateway
