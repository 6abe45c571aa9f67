#pragma once
// The sessions that a gateway knows, in its database. Every function runs in the caller's
// transaction, on the writer's thread.

#include <optional>
#include <vector>

#include "base/sqlite/database.h"
#include "edge-gateway/recording/recording.h"
#include "pushpull/items/sessions.h"

namespace sp::edge_gateway {

struct SessionRow {
  pushpull::SessionId session{};
  pushpull::Hash ticket{};  ///< SHA-256 of its ticket's id
};

Outcome open_sessions(sqlite::Database& db);
/// A session begins with its ticket's use. `conflict` when there was one of that id.
Outcome begin_session(sqlite::Database& db, const SessionRow& row, bool records);
Result<std::vector<SessionRow>> running_sessions(sqlite::Database& db);
/// So much of its recording is durable, with the event `session.recording`.
Outcome note_recording(sqlite::Database& db, const pushpull::SessionId& session,
                       const recording::Progress& progress, Instant now);
/// It is over, with the event `session.ended`. Nothing for one that is over already.
Outcome end_session(sqlite::Database& db, const pushpull::SessionId& session,
                    const pushpull::SessionEnded& ended, Instant now);
/// Durable bytes of its recording; nothing for one that has none.
Result<std::optional<std::uint64_t>> recorded_bytes(sqlite::Database& db,
                                                    const pushpull::SessionId& session);
/// The core has the recording. False while the session runs, or when there is none.
Result<bool> forget_recording(sqlite::Database& db, const pushpull::SessionId& session);
Result<std::uint64_t> count_running(sqlite::Database& db);

}  // namespace sp::edge_gateway
