#pragma once
// Whom a connection or a request comes from when reverse proxies stand in front. Pure. Addresses
// are texts in their usual form; an IPv4 address written as an IPv6 one counts as the IPv4 one.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/http/message.h"
#include "base/http/parse.h"

namespace sp::http {

/// No header is longer; what is still none by then is refused. Version 1 has at most 107 bytes.
inline constexpr std::size_t most_proxy_header = 1024;

struct ProxyHeader {
  /// The client's address; nullopt when the proxy speaks for itself (LOCAL, UNKNOWN, UNSPEC): then
  /// the connection's own counts.
  std::optional<std::string> source;
};

/// A PROXY protocol header, version 1 or 2, at the front of `input`
/// (haproxy.org/download/2.8/doc/proxy-protocol.txt). `more` only while every byte belongs to it.
/// Refused: anything else, other spacing, ports or addresses that are none, datagrams and Unix
/// sockets, a version 2 whose length has no place for its addresses or whose extensions do not
/// fill it. Extensions are read over.
Parsed<ProxyHeader> parse_proxy_header(std::string_view input);

/// `text` in its usual form; nullopt when it is no IP address.
std::optional<std::string> usual_address(std::string_view text);

/// The address that `request` comes from: its peer's, or when that is one of `proxies`, the
/// right-most of X-Forwarded-For (all of them, as one list) that is no proxy: what stands left of
/// it a stranger may have written. Empty when that is no address.
std::string client_address(const Request& request, std::span<const std::string> proxies);

}  // namespace sp::http
