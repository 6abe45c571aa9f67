#pragma once
// Messages as the core remembers them: everything but their content and their link.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random/random.h"
#include "base/time/clock.h"
#include "core/access/access.h"
#include "core/audit/audit.h"
#include "core/keyring/keyring.h"
#include "core/messages/format/keys.h"
#include "core/messages/state.h"
#include "core/store/store.h"

namespace sp::messages {

/// The parts of the core that every call here needs. All must outlive their user.
struct Context {
  store::Store& store;
  const keyring::Keyring& keyring;
  const audit::Audit& audit;
  const Clock& clock;
  Random& random;
};

enum class MailState : std::uint8_t { none, queued, sent, failed };
std::string_view name(MailState state);

struct Message {
  std::string id;  ///< the message id, 22 characters of base64url
  std::string owner, sender_login, sender_name;
  std::string sender_email;  ///< where notices go; may be empty
  std::string edge, edge_name;
  State state = State::queued;
  std::optional<Reason> reason;
  std::optional<std::string> subject, to, to_name;
  std::string language;
  Instant created_at{}, expires_at{};
  std::optional<Instant> live_at, first_viewed_at, ended_at;
  std::int64_t views = 1, views_left = 1;
  bool has_passphrase = false;
  std::optional<std::int64_t> attempts_left;
  bool notify = true;
  std::int64_t files = 0, size = 0;
  MailState mail = MailState::none;
};

/// One line of a message's timeline.
struct TimelineEntry {
  Instant at{};
  std::string code;  ///< "message.viewed", as in openapi.json
  std::optional<std::int64_t> view, left;
  std::optional<std::string> reason, source;
};

struct Filter {
  std::vector<State> states;  ///< empty: all
  std::string part;           ///< of recipient or subject, whatever the case; empty: all
  std::string owner;          ///< empty: everybody's
};

/// Newest first. `after` is the key of the last message of the page before, empty for the first.
/// One more than `limit` is never given; a page of `limit` may have a next one.
Result<std::vector<Message>> list(store::Store& store, const access::Permit& permit,
                                  const Filter& filter, std::string_view after, int limit);
/// `text` in the one case that search compares in: ASCII letters lower, everything else as it is.
std::string search_text(std::string_view text);
/// What to give as `after`.
std::string key_of(const Message& message);

/// `not_found` when there is none. The caller asks access::authorise with its owner.
Result<Message> find(store::Store& store, std::string_view id);
/// Oldest first.
Result<std::vector<TimelineEntry>> timeline(store::Store& store, const access::Permit& permit,
                                            std::string_view id);

}  // namespace sp::messages
