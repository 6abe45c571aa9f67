#pragma once
// Texts as the inventory keeps, compares and searches them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/result.h"

namespace sp::inventory {

/// In the one case that names and searches compare in: ASCII letters lower, all else as it is.
std::string folded(std::string_view text);
/// Without the white space around it.
std::string trimmed(std::string_view text);
/// UTF-8 without control characters, `least` to `most` bytes.
bool is_line(std::string_view text, std::size_t least, std::size_t most);
/// The same with line breaks and tabs.
bool is_text(std::string_view text, std::size_t most);

/// A list in one column: each item between line breaks ("\na\nb\n"), so that LIKE finds a whole
/// item; "" for none. No item holds a line break.
std::string joined(const std::vector<std::string>& items);
std::vector<std::string> split(std::string_view column);
/// Without twins and empty ones, in their order.
std::vector<std::string> distinct(std::vector<std::string> items);
/// Each trimmed, then the distinct ones.
std::vector<std::string> tidied(std::vector<std::string> items);

/// A pattern for LIKE ... ESCAPE '!' that finds `part` anywhere, literally.
std::string pattern_of(std::string_view part);
/// `part` literally, with what stands around it: "\nweb\n" anywhere, or "linux/" at the beginning.
std::string literal(std::string_view part);

/// The key of a list's page: name_key and id. Names hold no line break.
struct PageKey {
  std::string name_key, id;
};
std::string text_of(const PageKey& key);
Result<PageKey> page_key(std::string_view text);

/// `text` against a pattern of literal characters, `*` (any number of any) and `?` (one), whatever
/// the case of ASCII letters. Linear in the product of the sizes: no pattern makes it hang.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace sp::inventory
