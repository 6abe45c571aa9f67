#pragma once
#include <string>
#include <string_view>

namespace sp::inventory {

/// "10.0.0.0/8", "2001:db8::/32", or an address alone; no bits behind the prefix. What the gateway
/// takes (docs/formats/ticket.md section 3).
bool is_network(std::string_view text);
/// An IPv4 or IPv6 address in its usual form.
bool is_address(std::string_view text);
/// A DNS name: labels of letters, digits, - and _, the last one not a number; or an address.
bool is_host(std::string_view text);

}  // namespace sp::inventory
