#include "edge-selfdestruct/store/record.h"

#include <algorithm>

namespace sp::edge_selfdestruct {
namespace {

Digest digest(BytesView view) {
  Digest out{};
  std::copy_n(view.begin(), std::min(view.size(), out.size()), out.begin());
  return out;
}

std::optional<Stretch> stretch(const sqlite::Statement& row) {
  if (row.is_null(3)) return std::nullopt;
  return Stretch{.salt = row.blob(3), .memory_kib = row.integer(4), .passes = row.integer(5)};
}

Record record(const sqlite::Statement& row) {
  return Record{
      .slot = Slot{row.integer(0)},
      .pass = row.is_null(2) ? std::nullopt : std::optional{digest(row.blob_view(2))},
      .stretch = stretch(row),
      .views = row.integer(6),
      .left = row.integer(11),
      .attempts = row.integer(12),
      .expires_at = from_millis(row.integer(7)),
      .grace = Duration{row.integer(8)},
      .sender = row.is_null(9) ? std::nullopt : std::optional{row.text(9)},
      .size = row.integer(10),
      .grace_until = std::nullopt,
  };
}

Result<std::optional<Instant>> grace_until(sqlite::Database& db, const Holder& holder, Slot slot,
                                           Instant now) {
  if (!holder.grace) return std::optional<Instant>{};
  auto row = TRY(db.query("SELECT until FROM grace WHERE token = ?1 AND slot = ?2 AND until > ?3",
                          *holder.grace, number(slot), to_millis(now)));
  if (!TRY(row.step())) return std::optional<Instant>{};
  return std::optional{from_millis(row.integer(0))};
}

Error absent() {
  return Error{Code::not_found, "no such message"};
}

openssl::Nonce nonce(std::int64_t piece) {
  openssl::Nonce out{};
  for (std::size_t i = 0; i < 8; ++i)
    out[out.size() - 1 - i] = static_cast<std::byte>(piece >> (8 * i));
  return out;
}

Bytes bound_to(const Digest& id, std::int64_t piece) {
  bytes::Writer out;
  out.raw(id).u64(static_cast<std::uint64_t>(piece));
  return out.take();
}

}  // namespace

Result<Record> admit(sqlite::Database& db, const Holder& holder, Instant now) {
  auto row = TRY(
      db.query("SELECT slot, link, pass, salt, memory_kib, passes, views, expires_at, grace_ms, "
               "sender, size, left, attempts FROM message JOIN counter USING (slot) "
               "WHERE id_hash = ?1 AND loading = 0",
               holder.id));
  const bool known = TRY(row.step());
  const Digest stored = known ? digest(row.blob_view(1)) : Digest{};
  const bool proven = openssl::equal(stored, holder.link);
  if (!known || !proven) return absent();

  auto found = record(row);
  if (found.expires_at <= now || found.left < 0) return absent();
  found.grace_until = TRY(grace_until(db, holder, found.slot, now));
  if (found.left == 0 && !found.grace_until) return absent();
  return found;
}

Result<Bytes> release_piece(sqlite::Database& db, Slot slot, std::int64_t piece,
                            const Secret& slot_key, const Digest& id) {
  auto row = TRY(db.query("SELECT sealed FROM chunk WHERE place = ?1", place(slot, piece)));
  if (!TRY(row.step())) return Error{Code::not_found, "the piece is gone"};
  const auto opened =
      TRY(openssl::gcm_open(slot_key, nonce(piece), bound_to(id, piece), row.blob_view(0)));
  return bytes::copy(opened.expose());
}

Outcome keep_piece(sqlite::Database& db, Slot slot, std::int64_t piece, const Secret& slot_key,
                   const Digest& id, BytesView content) {
  const auto sealed = openssl::gcm_seal(slot_key, nonce(piece), bound_to(id, piece), content);
  TRY(db.run("INSERT INTO chunk(place, sealed) VALUES (?1, ?2)", place(slot, piece), sealed));
  return {};
}

}  // namespace sp::edge_selfdestruct
