#pragma once
// What a message says, before it is sealed: docs/formats/message.md, section 2.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::messages {

struct Field {
  std::string name;
  Secret value;
  bool secret = false;  ///< shown masked until the reader asks
};
struct File {
  std::string name;  ///< shown and never trusted
  std::string type;
  std::uint64_t size = 0;
};
struct Content {
  Secret text;  ///< UTF-8
  std::vector<Field> fields;
  std::vector<File> files;

  [[nodiscard]] std::uint64_t files_size() const;
};

inline constexpr std::uint64_t max_header_size = 1024 * 1024;
inline constexpr std::size_t max_fields = 100;
inline constexpr std::size_t max_files = 100;
inline constexpr std::uint64_t max_content_size = 100 * 1024 * 1024;  ///< header and files

/// The JSON header. Fails with `invalid_input` past a limit, or where a text is not UTF-8.
Result<Secret> encode_header(const Content& content);
/// Refuses unknown and missing members, other versions, and everything past a limit.
Result<Content> decode_header(const Secret& header);

/// The last component of a file name as a sender wrote it, without control characters, never empty,
/// "." or "..", at most 200 bytes: what a reader may offer as the name to save under.
std::string safe_file_name(const std::string& name);

}  // namespace sp::messages
