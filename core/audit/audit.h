#pragma once
// The audit trail: append-only, each event bound to the one before by an HMAC, appended in the
// transaction of what it tells of. No secret ever: details are an allow-list of names with short
// values of our own making.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result/result.h"
#include "base/time/clock.h"
#include "core/keyring/keyring.h"
#include "core/store/store.h"

namespace sp::audit {

/// Stable: the text of a code (`message.sent`) never changes its meaning.
enum class Event : std::uint8_t {
  session_opened,
  session_refused,
  session_locked,
  session_closed,
  password_changed,
  person_created,
  person_changed,
  person_disabled,
  person_enabled,
  person_password_reset,
  token_created,
  token_revoked,
  settings_changed,
  mail_tested,
  audit_exported,
  audit_verified,
  access_refused,
  core_initialised,
  core_started,
  keyring_rotated,
  message_sent,
  message_live,
  message_viewed,
  message_wrong_passphrase,
  message_destroyed,
  message_expired,
  message_revoked,
  message_lost,
  message_failed,
  mail_sent,
  mail_failed,
  edge_added,
  edge_kit_made,
  edge_enrolled,
  edge_removed,
  edge_rotated,
  edge_resynced,
  edge_warning,
  certificate_replaced,
  certificate_refused,
  certificate_expiring,
  site_created,
  site_changed,
  site_removed,
  host_created,
  host_changed,
  host_removed,
  host_key_trusted,
  credential_created,
  credential_changed,
  credential_removed,
  credential_used,
  credential_revealed,
  permission_given,
  permission_taken,
  inventory_imported,
  inventory_exported,
  core_restored,
  mail_released,
  host_session_asked,
  host_session_opened,
  host_session_started,
  host_session_attached,
  host_session_ended,
  host_session_terminated,
  host_session_watched,
  host_session_commented,
  host_session_file,
  ticket_refused,
  host_key_seen,
  host_key_decided,
  recording_stored,
  recording_damaged,
  recording_played,
  recording_downloaded,
  recording_erased,
  link_authority_made,
  link_authority_retired,
  link_authority_kept,
  edge_identity_renewed,
};
std::string_view code(Event event);

enum class Ending : std::uint8_t { success, refused, failed };
std::string_view name(Ending ending);

/// Who did it. `kind` is person, token, edge, system or anonymous.
struct Who {
  std::string kind;
  std::string id;
  std::string name;
};
inline Who the_system() {
  return {"system", "", ""};
}
/// What it was done to; an empty kind for nothing.
struct What {
  std::string kind;
  std::string id;
  std::string name;
};

/// The names that a detail may have. Values are cut at 200 bytes.
enum class Detail : std::uint8_t {
  reason,
  role,
  scope,
  fields,
  count,
  format,
  view,
  left,
  network,
  edge,
  expires_at,
  views,
  files,
  size,
  passphrase,
  attempts,
  to,
  by,
  old,
  version,
  host,
  site,
  login,
  rights,
  person,
  reason_given
};
std::string_view name(Detail detail);
using Details = std::vector<std::pair<Detail, std::string>>;

struct Entry {
  Event event;
  Ending ending = Ending::success;
  Who actor{};
  What object{};
  std::string source{};  ///< network address of the caller; empty when there is none
  Details details{};
};

/// As stored.
struct Record {
  std::int64_t seq = 0;
  Instant at;
  std::string code;
  std::string outcome;
  Who actor;
  What object;
  std::string source;
  std::vector<std::pair<std::string, std::string>> details;
};

struct Filter {
  std::string actor{};   ///< id or name
  std::string code{};    ///< whole, or the part before the dot
  std::string object{};  ///< id
  std::optional<Instant> from{}, to{};
};

struct Verdict {
  bool intact = false;
  std::int64_t checked = 0;
  std::int64_t last_seq = 0;
  std::string problem;                 ///< in words, when not intact
  std::optional<std::int64_t> at_seq;  ///< where
};

class Audit {
 public:
  Audit(const keyring::Keyring& keyring, const Clock& clock);

  /// Adds the event to the caller's transaction. Call it last in the transaction: on PostgreSQL it
  /// holds the chain's lock until the commit.
  Outcome append(store::Transaction& transaction, const Entry& entry) const;
  /// In a transaction of its own, durable when it returns.
  Outcome append(store::Store& store, const Entry& entry) const;

  /// Reads the chain from its beginning, 1,000 at a time, and finds a changed, removed (the newest
  /// too), added or reordered row.
  [[nodiscard]] Result<Verdict> verify(store::Store& store) const;

 private:
  Secret chain_key_;
  Secret head_key_;
  const Clock* clock_;
};

/// Newest first, those with seq < `before` (0: from the newest), at most `limit`.
Result<std::vector<Record>> list(store::Store& store, const Filter& filter, std::int64_t before,
                                 int limit);
/// Oldest first, those with seq > `after`, at most `limit`.
Result<std::vector<Record>> list_from(store::Store& store, const Filter& filter, std::int64_t after,
                                      int limit);
/// Oldest first, each to `give`, which says whether to go on.
Outcome each(store::Store& store, const Filter& filter,
             const std::function<bool(const Record&)>& give);

}  // namespace sp::audit
