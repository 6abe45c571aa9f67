#pragma once
// Where a session is to go, and with what: for whoever makes tickets (core/sessions).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/credentials/credential.h"
#include "core/edges/edge.h"
#include "core/hosts/host.h"
#include "core/sites/site.h"
#include "pushpull/items/sessions.h"

namespace sp::credentials {

/// Why a session that is allowed cannot begin as it was asked for.
enum class Obstacle : std::uint8_t {
  reason_needed,        ///< the site asks for one
  maintenance,          ///< it is the site's maintenance window
  no_gateway,           ///< no enrolled gateway belongs to the site
  no_credential,        ///< none that the person may use fits the host
  several_credentials,  ///< more than one does: `choices`
  protocol,             ///< sessions speak SSH so far
};
/// A sentence for the person who asked.
std::string_view words(Obstacle obstacle);
/// The member of the request that would have to be another: "reason", "credential", or "".
std::string_view field(Obstacle obstacle);

struct Destination {
  std::optional<Obstacle> obstacle;  ///< then nothing was opened and nothing is in the trail
  std::vector<Credential> choices;   ///< when several fit
  hosts::Host host;
  sites::Site site;
  std::vector<edges::Edge>
      gateways;  ///< enrolled, in the site's order; the caller knows which lives
  Credential credential;
  pushpull::Credential secret;  ///< to be sealed into the ticket; wipe it after use
};

/// Checks that the person may use this host and this credential (or the only one that fits, when
/// `credential` is empty), and opens it. The event credential.used, with the reason, is durable
/// when this returns. `not_found` for a host or credential that the person may not see, `forbidden`
/// for one that they may see but not use, also for a credential that does not fit the host.
Result<Destination> destination_of(const Context& context, const access::Actor& actor,
                                   std::string_view host, std::string_view credential,
                                   std::string_view reason);

}  // namespace sp::credentials
