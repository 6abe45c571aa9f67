#pragma once
// What a ticket's secret opens: docs/formats/ticket.md section 1. The core seals, the gateway
// opens.

#include "base/secret/secret.h"
#include "pushpull/items/sessions.h"

namespace sp::pushpull {

using TicketId = std::array<std::byte, 16>;
inline constexpr std::size_t ticket_secret_size = 32;

/// SHA-256(id): the id of its items, and what the gateway keeps.
Hash hash_of(const TicketId& id);

/// What follows from a ticket's id and its secret.
struct TicketKeys {
  Hash open{};  ///< SHA-256(open_proof), which the gateway compares
  Secret seal;  ///< seals one credential, once
};
TicketKeys ticket_keys(const TicketId& id, const Secret& secret);

Bytes seal_credential(const TicketKeys& keys, const TicketId& id, const Credential& credential);
/// `corrupt` when it is not what was sealed for this ticket, `invalid_input` when that is no
/// credential.
Result<Credential> open_credential(const TicketKeys& keys, const TicketId& id, BytesView sealed);
/// Overwrites and empties each member that may hold a secret.
void wipe(Credential& credential) noexcept;

}  // namespace sp::pushpull
