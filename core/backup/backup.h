#pragma once
// `sallyport-core backup` and `restore`. Each gives the exit code.
//
// A backup holds the database, the root key, the site's certificate with its key, and the
// configuration: with its passphrase it is everything. It is made while the core runs.

#include <filesystem>
#include <functional>
#include <optional>

#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::commandline {
class App;
}

namespace sp::backup {

struct BackupOptions {
  std::filesystem::path config, out, passphrase_file;
  bool before_upgrade = false;
};
int make(const BackupOptions& options);

struct VerifyOptions {
  std::filesystem::path file, passphrase_file;
};
/// Opens all of it, and the database in it.
int verify(const VerifyOptions& options);

struct RestoreOptions {
  std::filesystem::path config, file, passphrase_file;
  bool replace = false;
};
/// Refuses where a site stands, unless it is to be replaced; then what stood is kept beside it.
/// Afterwards every edge is asked for what lives there (promise 7), and nobody is signed in.
int restore(const RestoreOptions& options);

/// Adds `backup`, `backup verify` and `restore`; `done` gets the exit code.
void add_backup(commandline::App& app, std::function<void(int)> done);

/// From a file of its owner alone, without the line's end; at least 12 characters.
Result<Secret> read_passphrase(const std::filesystem::path& file);

}  // namespace sp::backup
