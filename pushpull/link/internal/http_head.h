#pragma once
// The few lines of HTTP/1.1 that a link speaks.

#include <optional>
#include <string>

#include "base/bytes/bytes.h"
#include "base/result/result.h"

namespace sp::pushpull::internal {

struct Place {
  std::string host;  ///< a name or an address, without brackets
  std::string port;
  bool is_address = false;
};
/// `https://host:port`, `https://[::1]:port`; nothing may follow but one slash.
Result<Place> parse_place(const std::string& url);

/// GET of the key without a body, else POST.
std::string request_head(const Place& place, std::size_t body_size);

struct Head {
  int status = 0;
  std::size_t size = 0;       ///< of the head, with its empty line
  std::size_t body_size = 0;  ///< Content-Length; an answer without one is refused
  bool closes = false;        ///< Connection: close
};
/// Nothing while the head is not whole; `unavailable` when it is none that we understand.
Result<std::optional<Head>> parse_head(BytesView received);

}  // namespace sp::pushpull::internal
