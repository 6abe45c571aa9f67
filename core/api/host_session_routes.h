#pragma once
// The routes of sessions with hosts: connecting, looking, ending, recordings, host keys.

#include "core/api/core.h"
#include "core/api/router.h"
#include "core/sessions/running.h"

namespace sp::api {

/// What hosts, sites and credentials say to sessions. Each call asks the judge itself.
struct Inventory {
  struct Wanted {
    std::string host, credential, reason;  ///< ids; `credential` empty: the only one that fits
  };
  using Answer = std::variant<sessions::Destination, Response>;
  /// Where a session goes; or what to answer because it cannot begin as it was asked for.
  std::function<Result<Answer>(const access::Actor&, const Wanted&)> destination;
  enum class Pin : std::uint8_t { add, replace };
  /// Pins a key to its host.
  std::function<Outcome(const access::Actor&, const std::string& host, const std::string& key, Pin)>
      trust_key;
  /// Whether the actor may change the host at all.
  std::function<Outcome(const access::Actor&, const std::string& host)> may_change;
};

/// What core/sites, core/hosts and core/credentials say.
Inventory sessions_inventory(Core& core);

void add_host_session_routes(Router& router, Core& core, sessions::Running& running,
                             Inventory inventory);

}  // namespace sp::api
