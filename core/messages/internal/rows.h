#pragma once
// Rows of the tables messages and message_events. For core/messages alone.

#include "core/messages/message.h"

namespace sp::messages::rows {

/// SELECT ... FROM messages m JOIN edges e, up to but without WHERE.
extern const std::string select;
Message message_of(const store::Row& row);

/// By id or by SHA-256 of it; on PostgreSQL its row is locked until the transaction ends.
Result<std::optional<Message>> locked(store::Transaction& transaction, std::string_view id);
Result<std::optional<Message>> locked_by_hash(store::Transaction& transaction, BytesView hash);

/// Adds a line to the timeline.
Outcome note(store::Transaction& transaction, std::string_view id, const TimelineEntry& entry);

/// Moves a running message to an end: state, reason, time, timeline, audit. Nothing for a message
/// that may not move there; says whether it moved.
struct End {
  State state;
  std::optional<Reason> reason;
  Instant at;
};
Result<bool> end(store::Transaction& transaction, Message& message, const End& end);

}  // namespace sp::messages::rows
