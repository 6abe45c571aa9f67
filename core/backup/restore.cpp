#include <algorithm>
#include <cstdio>

#include "base/config/files.h"
#include "base/probe/probe.h"
#include "base/setup/programs.h"
#include "base/sqlite/database.h"
#include "core/backup/archive.h"
#include "core/backup/backup.h"
#include "core/backup/postgres.h"
#include "core/backup/scratch.h"
#include "core/program/config.h"
#include "core/program/foundation.h"
#include "core/program/say.h"

namespace sp::backup {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::chrono::seconds patience{2};
constexpr auto packaged_config = "/etc/sallyport/core.toml";
constexpr auto packaged_data = "/var/lib/sallyport-core";

// What is to be moved: from the backup to where the configuration wants it.
struct Place {
  const char* name;
  std::filesystem::path to;
};
std::vector<Place> places(const core::Config& config) {
  std::vector<Place> all{{entry::root_key, config.root_key},
                         {entry::certificate, config.certificate},
                         {entry::key, config.key}};
  if (config.database_url.starts_with(sqlite_scheme))
    all.push_back({entry::sqlite, config.database_url.substr(sqlite_scheme.size())});
  return all;
}

Outcome must_not_run(const core::Config& config) {
  auto host = config.server.address;
  const auto here = probe::from_here({host, config.server.port});
  if (!probe::reach(here, patience)) return {};
  return Error{Code::conflict, "something listens on port " + std::to_string(config.server.port) +
                                   "; stop the core first: systemctl stop sallyport-core"};
}

Result<bool> database_stands(const core::Config& config) {
  if (config.database_url.starts_with(sqlite_scheme))
    return std::filesystem::exists(config.database_url.substr(sqlite_scheme.size()));
  auto store = TRY(store::Store::open({.url = config.database_url, .connections = 1}));
  return store->read([](store::Transaction& tx) -> Result<bool> {
    const auto found =
        TRY(tx.one("SELECT 1 FROM information_schema.tables WHERE table_name = 'keyring'"));
    return found.has_value();
  });
}

// What stood is kept beside it, under a name with the time.
Outcome put_aside(const std::filesystem::path& path, const std::string& when) {
  std::error_code failure;
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    const std::filesystem::path one = path.string() + suffix;
    if (!std::filesystem::exists(one, failure)) continue;
    std::filesystem::rename(one, path.string() + ".before-" + when + suffix, failure);
    if (failure) return Error{Code::unavailable, "cannot move " + one.string()};
  }
  return {};
}

Outcome put_in_place(const std::filesystem::path& folder, const Place& place,
                     const std::string& when) {
  const auto from = folder / place.name;
  std::error_code failure;
  if (!std::filesystem::exists(from, failure)) return {};
  TRY(put_aside(place.to, when));
  std::filesystem::rename(from, place.to, failure);
  if (failure) return Error{Code::unavailable, "cannot put " + place.to.string() + " in its place"};
  if (std::string_view{place.name} == entry::certificate)
    std::filesystem::permissions(place.to, std::filesystem::perms{0644}, failure);
  return {};
}

// A copy of an earlier time: with an epoch that no edge has seen each of them is asked for what
// lives there before anything else is said, whatever its numbers are (docs/formats/pushpull.md
// section 5). Who was signed in then is not now.
Outcome begin_new_life(const core::Config& config) {
  OsRandom random;
  SystemClock clock;
  const auto store = TRY(core::open_store(config, clock));
  const auto half = TRY(keyring::read_root_half(config.root_key.string()));
  TRY(keyring::Keyring::open(*store, half, random));
  return store->write([&](store::Transaction& tx) -> Outcome {
    for (const auto& row : TRY(tx.query("SELECT id FROM edges")))
      TRY(tx.run("UPDATE edges SET core_epoch = $2 WHERE id = $1", row.text(0),
                 random.bytes<16>()));
    TRY(tx.run("DELETE FROM sessions"));
    return {};
  });
}

Outcome bring_back(const core::Config& config, const std::filesystem::path& folder,
                   const std::vector<std::string>& names) {
  const auto has = [&](const char* name) { return std::ranges::find(names, name) != names.end(); };
  const bool sqlite = config.database_url.starts_with(sqlite_scheme);
  if (!has(sqlite ? entry::sqlite : entry::postgres))
    return Error{Code::invalid_input,
                 "the backup is of the other kind of database than the configuration names"};
  auto when = rfc3339(SystemClock{}.now());
  if (!sqlite) TRY(load(config.database_url, folder / entry::postgres));
  for (const auto& place : places(config)) TRY(put_in_place(folder, place, when));
  return begin_new_life(config);
}

// Where no configuration stands, the backup's own is taken.
Outcome take_configuration(const RestoreOptions& options, const std::filesystem::path& folder) {
  std::error_code ignored;
  if (std::filesystem::exists(options.config, ignored)) return {};
  const auto text = TRY(config::read_file(folder / entry::config));
  return config::write_file(options.config, text, 0644);
}

// Beside the data, so that what is big is moved and not copied.
Result<std::filesystem::path> folder_of(const RestoreOptions& options) {
  std::error_code ignored;
  if (std::filesystem::exists(options.config, ignored))
    return TRY(core::read_config(options.config)).root_key.parent_path();
  if (options.config == packaged_config) return std::filesystem::path{packaged_data};
  return std::filesystem::absolute(options.config).parent_path();
}

Outcome restore_as_owner(const RestoreOptions& options, const std::filesystem::path& folder,
                         const std::filesystem::path& scratch,
                         const std::vector<std::string>& names) {
  const auto config = TRY(core::read_config(options.config));
  const auto owner = TRY(setup::AsOwner::of(folder));
  TRY(must_not_run(config));
  const bool stands = TRY(database_stands(config)) || std::filesystem::exists(config.root_key);
  if (stands && !options.replace)
    return Error{Code::conflict,
                 "a site stands here already; --replace puts the backup in its place and keeps "
                 "what stood beside it"};
  return bring_back(config, scratch, names);
}

Outcome restore_all(const RestoreOptions& options) {
  const auto passphrase = TRY(read_passphrase(options.passphrase_file));
  auto reader = TRY(SealedReader::open(options.file, passphrase));
  const auto folder = TRY(folder_of(options));
  const auto out = [&]() -> Result<std::pair<Scratch, std::vector<std::string>>> {
    const auto owner = TRY(setup::AsOwner::of(folder));
    auto scratch = TRY(Scratch::in(folder));
    auto names = TRY(extract(reader, scratch.path()));
    return std::pair{std::move(scratch), std::move(names)};
  }();
  if (!out) return out.error();
  const auto& [scratch, names] = *out;
  TRY(take_configuration(options, scratch.path()));
  return restore_as_owner(options, folder, scratch.path(), names);
}

}  // namespace

int restore(const RestoreOptions& options) {
  core::guard_process();
  const auto outcome = restore_all(options);
  if (!outcome) return core::fail(outcome.error());
  std::printf(
      "restored. At the start every edge is told what this core knows, and destroys the "
      "rest; messages that were\nsent after the backup are gone: send them again.\n");
  return 0;
}

}  // namespace sp::backup
