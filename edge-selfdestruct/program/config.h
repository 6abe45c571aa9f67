#pragma once
#include <filesystem>
#include <string_view>

#include "base/result/result.h"
#include "edge-selfdestruct/store/store.h"
#include "pushpull/host/config.h"

namespace sp::edge_selfdestruct {

/// selfdestruct.toml (docs/operations.md). Every relative path in it counts from the file's own
/// folder.
struct Config {
  pushpull::HostConfig host;
  StoreOptions store;  ///< `[limits]` of its own; directory and reserve are those of `host`
};

/// `invalid_input` with a sentence that names the setting: an unknown one, a missing one, or one of
/// the wrong kind.
Result<Config> read_config(const std::filesystem::path& path);
/// `text` as if it stood in `path`.
Result<Config> decode_config(std::string_view text, const std::filesystem::path& path);

}  // namespace sp::edge_selfdestruct
