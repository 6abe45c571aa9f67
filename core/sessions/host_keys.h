#pragma once
// Host keys that gateways met and that nobody has looked at yet. The pins themselves belong to the
// hosts; this list is what asks for a decision.

#include "core/sessions/session.h"

namespace sp::sessions {

/// What the gateway made of a key: docs/formats/ticket.md section 4.
enum class Verdict : std::uint8_t {
  first_use,  ///< taken, as the host's record allowed: to be approved
  unknown,    ///< refused: the host has no key that is known, and none may be taken
  changed,    ///< refused: the host has another key
};
std::string_view name(Verdict verdict);
std::optional<Verdict> verdict_named(std::string_view text);

struct Sighting {
  std::string id, host, host_name, session;
  std::string key;  ///< in OpenSSH's form
  Verdict verdict = Verdict::unknown;
  Instant seen_at{};
  std::string state;  ///< "open", "trusted", "dismissed"
};

/// A gateway met a key. One line for a host and key, however often it is met while it is open.
Outcome seen(const Context& context, store::Transaction& transaction, const Session& session,
             std::string_view key, Verdict verdict, Instant at);

/// Those of a host that wait for a decision, or of all hosts when `host` is empty; newest first.
Result<std::vector<Sighting>> open_sightings(store::Store& store, const access::Permit& permit,
                                             std::string_view host);
Result<Sighting> find_sighting(store::Store& store, std::string_view id);

/// "SHA256:" and 43 characters, as ssh-keygen shows it; empty when `key` is none.
std::string fingerprint(std::string_view key);

enum class Decision : std::uint8_t { trust, dismiss };
/// Closes a sighting. What trusting means to the host has happened before: its pins are its own.
/// `conflict` when somebody was faster.
Outcome decide(const Context& context, const access::Actor& actor, std::string_view id,
               Decision decision);

}  // namespace sp::sessions
