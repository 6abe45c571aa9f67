#pragma once
// Changes single settings of a TOML file and leaves everything else as somebody wrote it.

#include <string>
#include <string_view>
#include <vector>

namespace sp::setup {

/// `text` with `key = "value"` in `[table]`: in place of the line that sets it, else at the end of
/// the table, else in a new table at the end. Only for files whose tables stand as `[table]` lines
/// and whose values take one line each.
std::string with_setting(std::string_view text, std::string_view table, std::string_view key,
                         std::string_view value);
/// The same with `key = ["one", "two"]`.
std::string with_list(std::string_view text, std::string_view table, std::string_view key,
                      const std::vector<std::string>& values);
/// A TOML basic string: quotes, backslashes and control characters escaped.
std::string quoted(std::string_view value);

}  // namespace sp::setup
