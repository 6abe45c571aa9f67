#pragma once
// PostgreSQL's own programs, which know what belongs to a database.

#include <filesystem>
#include <string>

#include "base/result/result.h"

namespace sp::backup {

/// One consistent moment of the database, by pg_dump.
Outcome dump(const std::string& url, const std::filesystem::path& to);
/// Over what is there, in one transaction, by pg_restore.
Outcome load(const std::string& url, const std::filesystem::path& from);
/// Whether pg_restore can read it.
Outcome check_dump(const std::filesystem::path& dump);

}  // namespace sp::backup
