#pragma once
// Rows of the table host_sessions and what hangs on it. For core/sessions alone.

#include "core/sessions/session.h"
#include "pushpull/items/sessions.h"

namespace sp::sessions::rows {

/// SELECT ... FROM host_sessions s LEFT JOIN recordings r, up to but without WHERE.
extern const std::string select;
Session session_of(const store::Row& row);

/// On PostgreSQL its row is locked until the transaction ends.
Result<std::optional<Session>> locked(store::Transaction& transaction, std::string_view id);

Outcome note(store::Transaction& transaction, std::string_view id, const TimelineEntry& entry);

/// Moves it, when the table of moves allows it, and says whether it moved.
Result<bool> move(store::Transaction& transaction, Session& session, State to);
/// The same to an end: with time, reason and timeline.
struct End {
  State state;
  std::optional<std::string> reason{};
  Instant at;
};
Result<bool> end(store::Transaction& transaction, Session& session, const End& end);
/// Nothing more of its recording comes: what was told is all, to be collected from `from` on.
Outcome recording_is_over(store::Transaction& transaction, std::string_view id, Instant from);
/// How long the key of a recording is kept whose session never began, as far as the core knows.
inline constexpr Duration late_news = std::chrono::hours{1};

/// Queues an item for the session's gateway.
Outcome queue(const Context& context, store::Transaction& transaction, std::string_view edge,
              std::string_view kind, BytesView id, BytesView body);

/// The 16 bytes behind a session's id.
Result<pushpull::SessionId> session_id(std::string_view text);

}  // namespace sp::sessions::rows
