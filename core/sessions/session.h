#pragma once
// Sessions with hosts through gateways, as the core remembers them.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random/random.h"
#include "base/time/clock.h"
#include "core/access/access.h"
#include "core/audit/audit.h"
#include "core/keyring/keyring.h"
#include "core/recordings/opener.h"
#include "core/sessions/state.h"
#include "core/store/store.h"

namespace sp::sessions {

/// The parts of the core that every call here needs. All must outlive their user.
struct Context {
  store::Store& store;
  const keyring::Keyring& keyring;
  const audit::Audit& audit;
  const Clock& clock;
  Random& random;
};

/// What is known of a recording.
struct Recording {
  recordings::State state = recordings::State::none;
  std::int64_t bytes = 0;  ///< of its text, once it is here
  std::optional<Instant> stored_at, erase_at;
};

struct Session {
  std::string id;  ///< 22 characters of base64url: the session id of docs/formats/ticket.md
  std::string owner, owner_login, owner_name;
  std::string edge, edge_name;
  std::string site, site_name, host, host_name;
  std::string address;  ///< as the host's record said
  std::int64_t port = 0;
  std::string protocol;
  std::string credential, credential_name, login;
  std::string reason;  ///< why its user wanted it; may be empty
  std::uint32_t rights = 0;
  bool record = false, record_input = false;
  State state = State::waiting;
  std::optional<std::string> end_reason;
  std::optional<std::string> ended_by;  ///< login of who ended it from here
  Instant created_at{}, expires_at{};
  std::optional<Instant> redeemed_at, started_at, ended_at;
  std::optional<std::string> source;   ///< the user's address, as the gateway saw it
  std::optional<std::string> dialled;  ///< the address that the gateway dialled
  std::optional<std::string> host_key;
  std::int64_t bytes_in = 0, bytes_out = 0;
  std::optional<std::int64_t> exit;
  Recording recording;
};

/// One line of a session's timeline. `detail` is a short word or address.
struct TimelineEntry {
  Instant at{};
  std::string code;  ///< "session.started", as in openapi.json
  std::string detail;
};
struct CarriedFile {
  Instant at{};
  std::string action, path;
  std::int64_t size = 0;
  std::optional<std::string> sha256;  ///< hex
  std::string outcome;
};
struct Comment {
  Instant at{};
  std::string person, login, text;
};

struct Filter {
  std::vector<State> states{};          ///< empty: all
  std::string part{};                   ///< of user, host, site, address or reason; empty: all
  std::string owner{};                  ///< an account's id; empty: everybody's
  std::string host{}, site{};           ///< ids; empty: all
  std::optional<Instant> from{}, to{};  ///< of its beginning
};

/// Newest first. `after` is the key of the last one of the page before, empty for the first page.
Result<std::vector<Session>> list(store::Store& store, const access::Permit& permit,
                                  const Filter& filter, std::string_view after, int limit);
std::string key_of(const Session& session);
/// `not_found` when there is none. The caller asks access::authorise with its owner.
Result<Session> find(store::Store& store, std::string_view id);

// Oldest first.
Result<std::vector<TimelineEntry>> timeline(store::Store& store, const access::Permit& permit,
                                            std::string_view id);
Result<std::vector<CarriedFile>> files(store::Store& store, const access::Permit& permit,
                                       std::string_view id);
Result<std::vector<Comment>> comments(store::Store& store, const access::Permit& permit,
                                      std::string_view id);
inline constexpr std::size_t longest_comment = 2000;
/// `text`: 1 to `longest_comment` bytes, as the caller has checked.
Outcome comment(const Context& context, const access::Permit& permit, std::string_view id,
                std::string_view text);

using Wake = std::function<void(const std::string& edge)>;
/// Ends it now: the gateway is told, and a ticket that nobody redeemed is revoked. `conflict` when
/// it is over.
Result<Session> end(const Context& context, const access::Permit& permit, std::string_view id,
                    const Wake& wake);

}  // namespace sp::sessions
