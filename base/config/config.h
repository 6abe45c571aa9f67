#pragma once
// Settings from a TOML file. Every setting has a default; what is wrong is refused with the file,
// the line and what to do. Secrets do not stand in such a file: see read_secret_file.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/result.h"
#include "base/time/clock.h"

namespace sp::config {

/// Reads settings and remembers the first that was wrong and all that were asked for, so that a
/// component can read its whole struct in one go and ask `finish` once:
///
///     auto file = TRY(File::open(path));
///     Config config{.url = file.text("site.url", "https://127.0.0.1:8443"),
///                   .database = file.path("data.directory", "data")};
///     TRY(file.finish());
///
/// After a wrong value the getters give the default. A name is "table.key".
class File {
 public:
  static Result<File> open(const std::filesystem::path& path);
  /// `text` as if it stood in `path`.
  static Result<File> parse(std::string_view text, const std::filesystem::path& path);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  std::string text(std::string_view name, std::string_view otherwise);
  /// Must be there, and not empty.
  std::string required_text(std::string_view name);
  /// One of `allowed`.
  std::string choice(std::string_view name, const std::vector<std::string_view>& allowed,
                     std::string_view otherwise);
  bool flag(std::string_view name, bool otherwise);
  std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                      std::int64_t most);
  /// "30s", "5m", "2d".
  Duration duration(std::string_view name, Duration otherwise, Duration least, Duration most);
  /// A relative one starts at the file's folder, the default as well.
  std::filesystem::path path(std::string_view name, const std::filesystem::path& otherwise);
  std::filesystem::path required_path(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  [[nodiscard]] bool has(std::string_view name) const;  ///< a key or a whole table

  /// Refuses the setting of that name with a sentence, for rules of the caller's own.
  void refuse(std::string_view name, std::string_view sentence);
  /// The first thing that was wrong; also a key that nobody asked for.
  Outcome finish();

 private:
  struct Parts;
  explicit File(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sp::config
