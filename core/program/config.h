#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/log/log.h"
#include "base/result/result.h"
#include "core/api/server.h"

namespace sp::core {

/// core.toml (docs/operations.md). Every relative path counts from the file's folder.
struct Config {
  std::string site_url;  ///< without a slash at the end
  std::filesystem::path certificate, key;
  std::string database_url;  ///< a relative sqlite path is made absolute
  std::size_t database_connections = 8;
  std::filesystem::path root_key;
  api::ServerOptions server;
  std::optional<std::string> embedded_edge;      ///< name of the edge that /selfdestruct leads to
  std::chrono::seconds certificate_poll{60};     ///< `[certificates] poll_seconds`
  std::string renewed_by;                        ///< `[certificates] renewed_by`, for the page
  std::optional<std::filesystem::path> site_ca;  ///< the root that people are to trust
  std::optional<std::string> metrics_listen;     ///< `[metrics] listen`, a loopback address
  log::Level log_level = log::Level::info;
};

/// The error names the file, the setting and what to do.
Result<Config> read_config(const std::filesystem::path& path);

}  // namespace sp::core
