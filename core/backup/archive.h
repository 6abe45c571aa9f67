#pragma once
// What is in a backup: files by name, one after the other.

#include <functional>
#include <string>

#include "core/backup/sealed_file.h"

namespace sp::backup {

// The names. Nothing else is written or accepted.
namespace entry {
inline constexpr auto about = "about";
inline constexpr auto config = "core.toml";
inline constexpr auto root_key = "root.key";
inline constexpr auto certificate = "site.crt";
inline constexpr auto key = "site.key";
inline constexpr auto sqlite = "database.sqlite";
inline constexpr auto postgres = "database.pgdump";
}  // namespace entry

Outcome add(SealedWriter& to, std::string_view name, BytesView content);
Outcome add_file(SealedWriter& to, std::string_view name, const std::filesystem::path& path);
/// After the last entry: an archive without it is not whole.
Outcome end(SealedWriter& to);

/// Writes every entry into `folder`, each with mode 0600, and gives their names; all of it was
/// authentic when it succeeds.
Result<std::vector<std::string>> extract(SealedReader& from, const std::filesystem::path& folder);

/// `u16 size || name || u64 size`, the head of an entry; a name of size 0 is the end.
struct EntryHead {
  std::string name;
  std::uint64_t size = 0;
};
/// `corrupt` for a name that is none of the above.
Outcome check_name(std::string_view name);

}  // namespace sp::backup
