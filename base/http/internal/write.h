#pragma once
// Response -> bytes. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/http/message.h"

namespace sp::http::internal {

/// How the body of an answer is delimited, and what becomes of the connection.
struct Delimiting {
  bool keep_alive = false;
  bool chunked = false;
  std::optional<std::uint64_t> length;
};

std::string_view reason_phrase(int status);
/// True when every header is one that HTTP allows and that is the handler's to set.
bool is_sound(const Response& response);
/// Appends status line, headers and the empty line. `date` as RFC 9110 section 5.6.7 wants it.
void append_head(std::string& out, const Response& response, const Delimiting& delimiting,
                 std::string_view date);
/// The same of an answer that makes a WebSocket: its headers and none of ours.
void append_upgrade_head(std::string& out, const Response& response, std::string_view date);
/// "Mon, 23 Nov 2026 22:26:03 GMT"
std::string http_date(std::int64_t unix_seconds);
/// problem+json that says the status and nothing else.
Response plain_refusal(int status);

}  // namespace sp::http::internal
