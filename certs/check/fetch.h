#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"

namespace sp::certs::check {

struct Address {
  std::string host;
  std::uint16_t port = 443;
};
/// "https://host", with a port and a path if wished; `invalid_input` for anything else.
Result<Address> parse_url(std::string_view url);

/// What a server shows in a handshake that trusts anybody, leaf first. `unavailable` when nobody
/// answers within ten seconds.
Result<std::vector<Bytes>> chain_shown_by(const Address& address);

}  // namespace sp::certs::check
