#pragma once
// What the portal knows of a message and what it asks of a holder.

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes/bytes.h"
#include "base/openssl/crypto.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/sqlite/database.h"
#include "base/time/clock.h"
#include "edge-selfdestruct/store/slots.h"

namespace sp::edge_selfdestruct {

using openssl::Digest;

/// Who asks, as hashes (docs/formats/message.md section 1): what the request carried was hashed
/// before it came here.
struct Holder {
  Digest id{};                  ///< SHA-256 of the message id
  Digest link{};                ///< SHA-256 of link_proof
  std::optional<Digest> pass;   ///< SHA-256 of pass_proof
  std::optional<Digest> grace;  ///< SHA-256 of the grace token
  std::string source;           ///< the network, for events
};

/// What a passphrase must be stretched with.
struct Stretch {
  Bytes salt;
  std::int64_t memory_kib = 0;
  std::int64_t passes = 0;
};

/// A message that lives, as the database has it.
struct Record {
  Slot slot{};
  std::optional<Digest> pass;
  std::optional<Stretch> stretch;
  std::int64_t views = 0;
  std::int64_t left = 0;
  std::int64_t attempts = 0;
  Instant expires_at;
  Duration grace{};
  std::optional<std::string> sender;
  std::int64_t size = 0;
  std::optional<Instant> grace_until;  ///< of the token that the holder carried, while it holds
};

/// The message that `holder` has the link of, or `not_found`: the one place where a link is
/// checked. Unknown, wrong link, expired, ended, no view left, not complete yet: all the same, and
/// the same work (promise 9).
Result<Record> admit(sqlite::Database& db, const Holder& holder, Instant now);

/// Sealed content is kept in pieces of this size; the last is shorter.
inline constexpr std::int64_t piece_size = 128 * 1024;
inline constexpr std::int64_t pieces_per_slot = 4096;
/// 128 MiB: what the format allows for 100 MiB of files, with its padding, and more.
inline constexpr std::int64_t max_content = 128 * 1024 * 1024;

constexpr std::int64_t pieces(std::int64_t size) {
  return (size + piece_size - 1) / piece_size;
}
constexpr std::int64_t place(Slot slot, std::int64_t piece) {
  return number(slot) * pieces_per_slot + piece;
}

/// The only way to content: piece `piece` of a message, opened with its slot's key. `not_found`
/// when it is gone.
Result<Bytes> release_piece(sqlite::Database& db, Slot slot, std::int64_t piece,
                            const Secret& slot_key, const Digest& id);
/// Seals and stores it.
Outcome keep_piece(sqlite::Database& db, Slot slot, std::int64_t piece, const Secret& slot_key,
                   const Digest& id, BytesView content);

}  // namespace sp::edge_selfdestruct
