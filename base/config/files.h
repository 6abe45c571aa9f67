#pragma once
// Files as a careful program reads and writes them. Every error names the file and what to do.

#include <sys/types.h>

#include <cstddef>
#include <filesystem>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::config {

/// The whole of a regular file of at most `most` bytes. `not_found` when there is none, `forbidden`
/// when this user may not read it, `invalid_input` when it is no file or larger.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t most = 1 << 20);

/// The same for keys and passphrases. `forbidden` also when group or others may read or change it,
/// or when it belongs to somebody who is neither this user nor root (root reads all).
Result<Secret> read_secret_file(const std::filesystem::path& path, std::size_t most = 1 << 16);

/// Puts `content` at `path`, whole or not at all, also when the power fails: a new file beside it
/// is written, synced, renamed over it, and the folder is synced. `mode` is exact, whatever the
/// umask.
Outcome write_file(const std::filesystem::path& path, BytesView content, ::mode_t mode);

}  // namespace sp::config
