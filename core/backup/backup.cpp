#include "core/backup/backup.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "base/config/files.h"
#include "base/setup/programs.h"
#include "base/sqlite/database.h"
#include "core/backup/archive.h"
#include "core/backup/postgres.h"
#include "core/backup/scratch.h"
#include "core/program/config.h"
#include "core/program/foundation.h"
#include "core/program/say.h"

namespace sp::backup {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::size_t least_passphrase = 12;
constexpr std::size_t kept_before_upgrades = 3;

bool is_sqlite(const core::Config& config) {
  return config.database_url.starts_with(sqlite_scheme);
}

// One moment of the database, while others write. What it is called in the backup.
Result<const char*> snapshot(const core::Config& config, const std::filesystem::path& to) {
  if (!is_sqlite(config)) {
    TRY(dump(config.database_url, to));
    return entry::postgres;
  }
  const auto from = config.database_url.substr(sqlite_scheme.size());
  auto database = TRY(sqlite::Database::open(from, {.create = false}).within(from));
  TRY(database.run("VACUUM INTO ?1", to.string()).within("copy of " + from));
  return entry::sqlite;
}

std::string about(const core::Config& config, Instant now) {
  return "made_by = \"sallyport-core " SALLYPORT_VERSION "\"\nmade_at = \"" + rfc3339(now) +
         "\"\nsite = \"" + config.site_url + "\"\n";
}

struct Wish {
  std::filesystem::path out;
  Secret passphrase;
  Cost cost;
};

// For a passphrase that a machine made: nobody guesses 192 bits, however cheap a guess is.
constexpr Cost of_no_use_to_guessers{8 * 1024, 1};

Outcome write(const core::Config& config, const std::filesystem::path& toml, const Wish& wish) {
  const auto folder = config.root_key.parent_path();
  OsRandom random;
  const auto now = SystemClock{}.now();
  const auto owner = TRY(setup::AsOwner::of(folder));
  const auto scratch = TRY(Scratch::in(folder));
  const auto copy = scratch.path() / "database";
  const auto* name = TRY(snapshot(config, copy));
  auto writer = TRY(SealedWriter::create(wish.out, wish.passphrase, wish.cost, random, now));
  TRY(add(writer, entry::about, bytes::of(about(config, now))));
  TRY(add_file(writer, entry::config, toml));
  TRY(add_file(writer, entry::root_key, config.root_key));
  TRY(add_file(writer, entry::certificate, config.certificate));
  TRY(add_file(writer, entry::key, config.key));
  TRY(add_file(writer, name, copy));
  TRY(end(writer));
  return writer.finish();
}

// A passphrase that lies beside the keys protects a copy that is carried off, not this machine.
Result<Wish> before_upgrade(const core::Config& config) {
  const auto folder = config.root_key.parent_path();
  const auto owner = TRY(setup::AsOwner::of(folder));
  const auto backups = folder / "backups";
  std::error_code failure;
  std::filesystem::create_directories(backups, failure);
  const auto file = backups / "passphrase";
  if (!std::filesystem::exists(file, failure)) {
    OsRandom random;
    const auto made = bytes::base64url(random.bytes<24>()) + "\n";
    TRY(config::write_file(file, bytes::of(made), 0600));
  }
  std::vector<std::filesystem::path> old;
  for (const auto& one : std::filesystem::directory_iterator{backups, failure})
    if (one.path().extension() == ".backup") old.push_back(one.path());
  std::ranges::sort(old);
  while (old.size() >= kept_before_upgrades) {
    std::filesystem::remove(old.front(), failure);
    old.erase(old.begin());
  }
  const auto name = rfc3339(SystemClock{}.now()) + "-" SALLYPORT_VERSION ".backup";
  return Wish{backups / name, TRY(read_passphrase(file)), of_no_use_to_guessers};
}

// `out` is written where the service's user may write, and then put where it was asked for.
Result<std::filesystem::path> make_all(const BackupOptions& options) {
  const auto config = TRY(core::read_config(options.config));
  if (options.before_upgrade) {
    const auto wish = TRY(before_upgrade(config));
    TRY(write(config, options.config, wish));
    return wish.out;
  }
  if (options.out.empty() || options.passphrase_file.empty())
    return Error{Code::invalid_input, "--out FILE and --passphrase-file FILE are needed"};
  const auto out = std::filesystem::absolute(options.out);
  const Wish wish{config.root_key.parent_path() / ".backup-being-made",
                  TRY(read_passphrase(options.passphrase_file)),
                  {}};
  TRY(write(config, options.config, wish));
  std::error_code failure;
  std::filesystem::rename(wish.out, out, failure);
  if (!failure) return out;
  failure.clear();
  std::filesystem::copy_file(wish.out, out, std::filesystem::copy_options::overwrite_existing,
                             failure);
  std::error_code ignored;
  std::filesystem::remove(wish.out, ignored);
  if (failure) return Error{Code::unavailable, "cannot write " + out.string()};
  return out;
}

Outcome look_into(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  const auto has = [&](const char* name) { return std::ranges::find(names, name) != names.end(); };
  if (!has(entry::root_key) || !has(entry::config) || has(entry::sqlite) == has(entry::postgres))
    return Error{Code::corrupt, "the backup lacks the root key, the configuration or the database"};
  if (has(entry::postgres)) return check_dump(folder / entry::postgres);
  auto database = TRY(sqlite::Database::open(folder / entry::sqlite, {.create = false}));
  auto checked = TRY(database.query("PRAGMA integrity_check"));
  if (!TRY(checked.step()) || checked.text(0) != "ok")
    return Error{Code::corrupt, "the database in the backup is damaged"};
  return {};
}

Outcome verify_all(const VerifyOptions& options, Instant& made_at) {
  const auto passphrase = TRY(read_passphrase(options.passphrase_file));
  auto reader = TRY(SealedReader::open(options.file, passphrase));
  const auto scratch = TRY(Scratch::in(std::filesystem::temp_directory_path()));
  const auto names = TRY(extract(reader, scratch.path()));
  made_at = reader.created_at();
  return look_into(scratch.path(), names);
}

}  // namespace

Result<Secret> read_passphrase(const std::filesystem::path& file) {
  const auto text = TRY(config::read_secret_file(file));
  auto view = text.expose();
  while (!view.empty() && (view.back() == std::byte{'\n'} || view.back() == std::byte{'\r'}))
    view = view.first(view.size() - 1);
  if (view.size() < least_passphrase)
    return Error{Code::invalid_input, file.string() + " must hold at least 12 characters"};
  return Secret::copy_of(view);
}

int make(const BackupOptions& options) {
  core::guard_process();
  const auto made = make_all(options);
  if (!made) return core::fail(made.error());
  std::printf("%s\n", made->c_str());
  return 0;
}

int verify(const VerifyOptions& options) {
  core::guard_process();
  Instant made_at{};
  const auto outcome = verify_all(options, made_at);
  if (!outcome) return core::fail(outcome.error());
  std::printf("whole: made at %s\n", rfc3339(made_at).c_str());
  return 0;
}

}  // namespace sp::backup
