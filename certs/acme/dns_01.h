#pragma once
// dns-01 by dynamic update of the zone's primary server (RFC 2136 with TSIG), over TCP.

#include <memory>
#include <string>
#include <vector>

#include "base/random/random.h"
#include "base/time/clock.h"
#include "certs/acme/dns_message.h"
#include "certs/acme/session.h"
#include "certs/acme/solver.h"

namespace sp::acme {

struct DnsServer {
  std::string host{};  ///< address or name
  std::string port = "53";
  /// "192.0.2.53", "192.0.2.53:5353", "[2001:db8::1]:53", "ns1.example.com".
  static Result<DnsServer> parse(std::string_view text);
  [[nodiscard]] std::string text() const { return host + ":" + port; }
};

struct Dns01Options {
  DnsServer server{};
  std::string zone{};  ///< empty: found by asking `server`
  dns::TsigKey key{};
  std::vector<DnsServer>
      seen_by{};              ///< secondaries that must show the record before the CA is told
  Duration patience{10'000};  ///< for one exchange
  unsigned looks = 60;        ///< at each of `seen_by`, two seconds apart
};

std::unique_ptr<ChallengeSolver> dns_01_update(Dns01Options options, const Clock& clock,
                                               Random& random, Waiter& waiter);

/// One message there and one back over TCP (RFC 7766).
Result<Bytes> dns_exchange(const DnsServer& server, BytesView message, Duration patience);

}  // namespace sp::acme
