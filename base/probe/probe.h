#pragma once
// Looks at a server from outside, as set-up and doctor do.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/time/clock.h"

namespace sp::probe {

struct Place {
  std::string host;  ///< a name or an address, without brackets
  std::uint16_t port = 443;
  friend bool operator==(const Place&, const Place&) = default;
};
/// Of `https://host[:port][/path]`; `invalid_input` with a sentence.
Result<Place> place_of(std::string_view url);
/// Of `host:port`, `[::1]:port`.
Result<Place> listener_of(std::string_view listen);
/// Where a program on this machine reaches a listener: the loopback for 0.0.0.0 and ::.
Place from_here(const Place& listener);
bool is_address(std::string_view host);

/// The addresses of a name, as text; at least one. `not_found` when there is none.
Result<std::vector<std::string>> addresses_of(const std::string& host);

/// Opens a TCP connection and closes it. `unavailable` with words: refused, no answer, no way.
Outcome reach(const Place& place, std::chrono::milliseconds patience);

struct Seen {
  std::vector<openssl::Cert> chain;  ///< as the server showed it, leaf first
  std::string protocol;              ///< "TLSv1.3"
  int status = 0;                    ///< of the HTTP answer
};
/// Connects to `at`, says the name `host`, and asks for `path` over TLS. The certificate is not
/// judged: see `trusted`.
Result<Seen> open_site(const Place& at, const std::string& host, const std::string& path,
                       std::chrono::milliseconds patience);

/// Whether a client that trusts `roots`, or the system's authorities when there are none, accepts
/// this chain for this host at this time. The error says why not.
Outcome trusted(const std::vector<openssl::Cert>& chain, const std::string& host,
                const std::vector<openssl::Cert>& roots, Instant now);

}  // namespace sp::probe
