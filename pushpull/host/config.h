#pragma once
// What stands in the settings of every edge: docs/operations.md.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/config/config.h"
#include "base/http/server.h"
#include "base/log/log.h"

namespace sp::pushpull {

/// One of the two listeners.
struct Listener {
  std::string listen;
  std::filesystem::path certificate;
  std::filesystem::path key;
};

struct HostConfig {
  std::string public_url;
  Listener public_side;
  std::string plain_http;  ///< `[public] http`: answers CAs, sends all others on; empty: none
  Listener intake;
  std::vector<std::string> proxies;  ///< `[public] proxies`: whose X-Forwarded-For is believed
  bool proxy_protocol = false;       ///< `[public] proxy_protocol`: they begin with a PROXY header
  std::chrono::seconds certificate_poll{60};  ///< `[certificates] poll_seconds`
  std::string renewed_by;                     ///< `[certificates] renewed_by`, for the core's page
  std::filesystem::path directory;            ///< `[data] directory`
  std::uint64_t disk_reserve = std::uint64_t{64} << 20U;  ///< `[limits] disk_reserve_mib`
  http::Limits limits;
  log::Level log_level = log::Level::info;
};

/// Asks for all of it; `file.finish` says what was wrong.
HostConfig read_host_config(config::File& file);

/// The edge's database.
std::filesystem::path database_of(const HostConfig& config);
/// The key of its link; there is none before a kit was taken.
std::filesystem::path link_key_of(const HostConfig& config);

}  // namespace sp::pushpull
