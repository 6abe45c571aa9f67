#pragma once
// PostgreSQL's own programs, which know what belongs to a database.

#include <filesystem>
#include <string>

#include "base/result/result.h"
#include "base/time/clock.h"
#include "core/store/store.h"

namespace sp::backup {

/// One consistent moment of the database, by pg_dump, without what `put_tables_aside` keeps.
/// `invalid_input` when the URL holds a password, which a command line would show to everyone.
Outcome dump(const std::string& url, const std::filesystem::path& to);
/// Into a database without our tables, in one transaction, by pg_restore.
Outcome load(const std::string& url, const std::filesystem::path& from);

/// Moves every table from where the core looks for them into a schema of this name, which it makes:
/// also those of a newer version, which a backup of an older one would not replace. How many; with
/// none there is no schema either.
Result<std::size_t> put_tables_aside(store::Store& store, const std::string& schema);
/// Moves them back, and removes the schema.
Outcome take_tables_back(store::Store& store, const std::string& schema);
/// `sallyport_before_` and the time.
std::string name_of_aside(Instant now);
/// Whether pg_restore can read it.
Outcome check_dump(const std::filesystem::path& dump);

}  // namespace sp::backup
