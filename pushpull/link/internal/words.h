#pragma once
// Why an edge is not reached, for whoever runs the site: what happened, and what to look at. Each
// stands behind "Not reached for 5 minutes: ".

#include <string>

#include "pushpull/link/internal/http_head.h"

namespace sp::pushpull::internal {

std::string name_not_found(const Place& place);
/// `system_error`: the errno of a connection that did not come to be.
std::string not_connected(const Place& place, int system_error);
/// Nothing came of the connection in its time; a firewall that drops looks like this.
std::string never_connected(const Place& place);
/// Connected, then silent.
std::string silent(const Place& place);
/// `cause`: OpenSSL's numbers, for the log's reader.
std::string no_tls(const Place& place, const std::string& cause);
std::string cut(const Place& place, const std::string& cause);
std::string other_tls_key();

}  // namespace sp::pushpull::internal
