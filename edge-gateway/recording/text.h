#pragma once
// What a terminal showed, as lines of asciicast version 2: docs/formats/recording.md section 2.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes/bytes.h"
#include "base/time/clock.h"

namespace sp::edge_gateway::recording {

/// Joins the characters of a stream that its reads cut, and puts U+FFFD for what is no UTF-8.
class Utf8Joiner {
 public:
  /// All whole characters so far; the beginning of one stays for the next call.
  std::string take(BytesView piece);
  /// The end of the stream: what is left of a character becomes U+FFFD.
  std::string finish();

 private:
  std::string kept_;  // at most three bytes
};

/// The first line.
struct Head {
  std::uint32_t columns = 80, rows = 24;
  std::string title;
  Instant at{};
};
std::string head_line(const Head& head);

enum class LineKind : char { output = 'o', input = 'i', resize = 'r', mark = 'm' };
/// `text` is UTF-8.
std::string event_line(Duration since_begin, LineKind kind, std::string_view text);

}  // namespace sp::edge_gateway::recording
