#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/http/server.h"
#include "base/log/log.h"
#include "base/result/result.h"
#include "edge-selfdestruct/store/store.h"

namespace sp::edge_selfdestruct {

/// One of the two listeners.
struct Listener {
  std::string listen;
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// edge.toml (docs/operations.md). Every relative path in it counts from the file's own folder.
struct Config {
  std::string public_url;
  Listener public_side;
  std::string plain_http;  ///< `[public] http`: answers CAs, sends all others on; empty: none
  Listener intake;
  std::vector<std::string> proxies;  ///< `[public] proxies`: whose X-Forwarded-For is believed
  bool proxy_protocol = false;       ///< `[public] proxy_protocol`: they begin with a PROXY header
  std::chrono::seconds certificate_poll{60};  ///< `[certificates] poll_seconds`
  std::string renewed_by;                     ///< `[certificates] renewed_by`, for the core's page
  StoreOptions store;                         ///< `[data] directory`, and limits of its own
  http::Limits limits;
  log::Level log_level = log::Level::info;
};

/// `invalid_input` with a sentence that names the table and the key: an unknown one, a missing one,
/// or one of the wrong kind.
Result<Config> read_config(const std::filesystem::path& path);
/// The same from text; `folder` is what relative paths count from.
Result<Config> decode_config(std::string_view text, const std::filesystem::path& folder);

}  // namespace sp::edge_selfdestruct
