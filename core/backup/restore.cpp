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
#include "core/mail/set_aside.h"
#include "core/program/config.h"
#include "core/program/foundation.h"
#include "core/program/say.h"

namespace sp::backup {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::chrono::seconds patience{2};
constexpr auto packaged_config = "/etc/sallyport/core.toml";
constexpr auto packaged_data = "/var/lib/sallyport-core";

// What came out of the backup.
struct Opened {
  std::vector<std::string> names;
  Instant made_at{};
};

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
        TRY(tx.one("SELECT 1 FROM information_schema.tables WHERE table_name = 'keyring' AND "
                   "table_schema = current_schema()"));
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

// What was brought back, for whoever did it.
struct Restored {
  std::int64_t mails = 0;   ///< that were set aside
  std::string kept_schema;  ///< where PostgreSQL keeps what stood; empty: nothing stood there
};

// A copy of an earlier time: with an epoch that no edge has seen each of them is asked for what
// lives there before anything else is said, whatever its numbers are (docs/formats/pushpull.md
// section 5). Who was signed in then is not now, and what waited to be mailed may have gone out.
Result<std::int64_t> begin_new_life(const core::Config& config, Instant made_at) {
  OsRandom random;
  SystemClock clock;
  const auto foundation = TRY(core::Foundation::open(config, random, clock));
  const auto& core = foundation->core();
  return core.store.write([&](store::Transaction& tx) -> Result<std::int64_t> {
    for (const auto& row : TRY(tx.query("SELECT id FROM edges")))
      TRY(tx.run("UPDATE edges SET core_epoch = $2 WHERE id = $1", row.text(0),
                 random.bytes<16>()));
    TRY(tx.run("DELETE FROM sessions"));
    const auto mails = TRY(mail::set_aside(tx));
    TRY(core.audit.append(tx, {.event = audit::Event::core_restored,
                               .actor = audit::the_system(),
                               .details = {{audit::Detail::old, rfc3339(made_at)},
                                           {audit::Detail::count, std::to_string(mails)}}}));
    return mails;
  });
}

// Nothing is lost when it fails: what stood stands again.
Outcome load_postgres(const core::Config& config, const std::filesystem::path& dump,
                      Restored& restored) {
  const auto store = TRY(store::Store::open({.url = config.database_url, .connections = 1}));
  const auto schema = name_of_aside(SystemClock{}.now());
  const bool stood = TRY(put_tables_aside(*store, schema)) > 0;
  const auto loaded = load(config.database_url, dump);
  if (!loaded && stood) TRY(take_tables_back(*store, schema));
  if (stood) restored.kept_schema = schema;
  return loaded;
}

Result<Restored> bring_back(const core::Config& config, const std::filesystem::path& folder,
                            const Opened& opened) {
  const auto has = [&](const char* name) {
    return std::ranges::find(opened.names, name) != opened.names.end();
  };
  const bool sqlite = config.database_url.starts_with(sqlite_scheme);
  if (!has(sqlite ? entry::sqlite : entry::postgres))
    return Error{Code::invalid_input,
                 "the backup is of the other kind of database than the configuration names"};
  Restored restored;
  auto when = rfc3339(SystemClock{}.now());
  if (!sqlite) TRY(load_postgres(config, folder / entry::postgres, restored));
  for (const auto& place : places(config)) TRY(put_in_place(folder, place, when));
  restored.mails = TRY(begin_new_life(config, opened.made_at));
  return restored;
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

Result<Restored> restore_as_owner(const RestoreOptions& options,
                                  const std::filesystem::path& folder,
                                  const std::filesystem::path& scratch, const Opened& opened) {
  const auto config = TRY(core::read_config(options.config));
  const auto owner = TRY(setup::AsOwner::of(folder));
  TRY(must_not_run(config));
  const bool stands = TRY(database_stands(config)) || std::filesystem::exists(config.root_key);
  if (stands && !options.replace)
    return Error{Code::conflict,
                 "a site stands here already; --replace puts the backup in its place and keeps "
                 "what stood beside it"};
  return bring_back(config, scratch, opened);
}

Result<Restored> restore_all(const RestoreOptions& options) {
  const auto passphrase = TRY(read_passphrase(options.passphrase_file));
  auto reader = TRY(SealedReader::open(options.file, passphrase));
  const auto folder = TRY(folder_of(options));
  const auto out = [&]() -> Result<std::pair<Scratch, Opened>> {
    const auto owner = TRY(setup::AsOwner::of(folder));
    auto scratch = TRY(Scratch::in(folder));
    auto names = TRY(extract(reader, scratch.path()));
    return std::pair{std::move(scratch), Opened{std::move(names), reader.created_at()}};
  }();
  if (!out) return out.error();
  const auto& [scratch, opened] = *out;
  TRY(take_configuration(options, scratch.path()));
  return restore_as_owner(options, folder, scratch.path(), opened);
}

void tell_of(const Restored& restored, const std::filesystem::path& config) {
  std::printf(
      "restored. At the start every edge is told what this core knows, and destroys the "
      "rest; messages that were\nsent after the backup are gone: send them again.\n");
  if (restored.mails > 0)
    std::printf(
        "%lld mails waited when the backup was made and may have gone out since. They are set "
        "aside:\n  sallyport-core mails --config %s\nlists them; mails release --all lets them go "
        "out, mails drop --all erases them.\n",
        static_cast<long long>(restored.mails), config.c_str());
  if (!restored.kept_schema.empty())
    std::printf(
        "What stood in the database is kept there; to be rid of it: DROP SCHEMA %s CASCADE\n",
        restored.kept_schema.c_str());
}

}  // namespace

int restore(const RestoreOptions& options) {
  core::guard_process();
  const auto restored = restore_all(options);
  if (!restored) return core::fail(restored.error());
  tell_of(*restored, options.config);
  return 0;
}

}  // namespace sp::backup
