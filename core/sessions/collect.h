#pragma once
// Recordings come home: read from the gateway, opened, stored under the keyring, and only then
// deleted there. And go at the end of the time that their site keeps them.

#include "core/sessions/connect.h"

namespace sp::sessions {

/// Collects the recordings that are due, at most a few. `unavailable` gateways are asked again
/// later. Gives how many were settled.
Result<int> collect(const Context& context, const Links& links);

/// Erases recordings whose time is over. Gives how many.
Result<int> erase_old(const Context& context);

/// How a stored recording leaves.
enum class Use : std::uint8_t { play, download };
/// Its text, piece by piece; nothing after the last. The audit event is durable when this returns.
/// `not_found` without a stored one, `expired` when it was erased, `unavailable` when it has not
/// come yet.
using Pieces = std::function<Result<std::optional<Secret>>()>;
Result<Pieces> open_recording(const Context& context, const access::Permit& permit,
                              const Session& session, Use use);

}  // namespace sp::sessions
