#include "edge-selfdestruct/store/life.h"

#include "pushpull/inbox/inbox.h"
#include "pushpull/items/items.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::size_t token_size = 32;

std::uint32_t count(std::int64_t value) {
  return static_cast<std::uint32_t>(value);
}

template <class Body>
Outcome tell(const Scene& scene, std::string_view kind, const Digest& id, const Body& body) {
  TRY(pushpull::append_event(scene.db, kind, id, scene.now, pushpull::encode(body)));
  return {};
}

bool passphrase_is_right(const Record& record, const Holder& holder) {
  if (!record.pass) return true;
  return holder.pass && openssl::equal(*record.pass, *holder.pass);
}

Result<Denied> refuse_passphrase(const Scene& scene, const Record& record, const Holder& holder) {
  if (!holder.pass) return Denied{Code::forbidden, record.attempts, std::nullopt};
  auto row = TRY(
      scene.db.query("UPDATE counter SET attempts = attempts - 1 WHERE slot = ?1 AND attempts > 0 "
                     "RETURNING attempts",
                     number(record.slot)));
  const auto left = TRY(row.step()) ? row.integer(0) : std::int64_t{0};
  TRY(tell(scene, pushpull::kind::message_refused, holder.id,
           pushpull::MessageRefused{count(left), holder.source}));
  if (left == 0) TRY(end(scene, record.slot, holder.id, Reason::passphrase));
  return Denied{Code::forbidden, left, std::nullopt};
}

// The record that `holder` may act on, or why not.
Result<std::variant<Record, Denied>> judged(const Scene& scene, const Holder& holder) {
  auto found = admit(scene.db, holder, scene.now);
  if (!found && found.error().code() == Code::not_found) return Denied{};
  if (!found) return std::move(found).error();
  if (!passphrase_is_right(*found, holder)) return TRY(refuse_passphrase(scene, *found, holder));
  return *std::move(found);
}

Result<Grace> give_grace(const Scene& scene, const Record& record) {
  Bytes token(token_size);
  scene.random.fill(token);
  const auto until = std::min(scene.now + record.grace, record.expires_at);
  TRY(scene.db.run("INSERT INTO grace(token, slot, until) VALUES (?1, ?2, ?3)",
                   openssl::sha256(token), number(record.slot), to_millis(until)));
  return Grace{std::move(token), until};
}

Result<Released> release(const Scene& scene, const Record& record, const Digest& id) {
  Released out{.slot = record.slot,
               .id = id,
               .size = record.size,
               .slot_key = TRY(scene.slots.key(record.slot)),
               .whole = std::nullopt,
               .grace = std::nullopt,
               .repeated = record.grace_until.has_value(),
               .pin = nullptr};
  if (pieces(record.size) == 1)
    out.whole = TRY(release_piece(scene.db, record.slot, 0, out.slot_key, id));
  return out;
}

// False when no view was left.
Result<bool> take_view(sqlite::Database& db, Slot slot) {
  return TRY(db.run("UPDATE counter SET left = left - 1 WHERE slot = ?1 AND left > 0",
                    number(slot))) == 1;
}

Result<Claim> claim_view(const Scene& scene, const Record& record, const Holder& holder) {
  if (!TRY(take_view(scene.db, record.slot))) return Denied{};
  const auto left = record.left - 1;  // nobody else writes while this runs
  TRY(tell(scene, pushpull::kind::message_viewed, holder.id,
           pushpull::MessageViewed{count(record.views - left), count(left), holder.source}));
  auto out = TRY(release(scene, record, holder.id));
  if (record.grace > Duration::zero()) out.grace = TRY(give_grace(scene, record));
  if (left == 0 && !out.grace) TRY(end(scene, record.slot, holder.id, Reason::views));
  return out;
}

Result<bool> has_grace(sqlite::Database& db, Slot slot) {
  auto row = TRY(db.query("SELECT 1 FROM grace WHERE slot = ?1 LIMIT 1", number(slot)));
  return row.step();
}

struct Seen {
  Digest id{};
  std::int64_t left = 0;
  bool loading = false;
};
Result<Seen> look(sqlite::Database& db, Slot slot) {
  auto row =
      TRY(db.query("SELECT id_hash, left, loading FROM message JOIN counter USING (slot) "
                   "WHERE slot = ?1",
                   number(slot)));
  if (!TRY(row.step())) return Error{Code::not_found, "no row of that slot"};
  bytes::Reader id{row.blob_view(0)};
  return Seen{TRY(id.array<32>()), row.integer(1), row.integer(2) != 0};
}

// Ends a message that was viewed out, unless some browser may still fetch its view again.
Outcome end_if_viewed_out(const Scene& scene, Slot slot) {
  const auto seen = TRY(look(scene.db, slot));
  if (seen.left != 0 || seen.loading) return {};
  if (TRY(has_grace(scene.db, slot))) return {};
  return end(scene, slot, seen.id, Reason::views);
}

constexpr std::string_view overdue =
    "SELECT slot FROM message JOIN counter USING (slot) WHERE expires_at <= ?1 AND left >= 0 "
    "LIMIT ?2";
constexpr std::string_view grace_over = "SELECT slot FROM grace WHERE until <= ?1 LIMIT ?2";

Result<std::vector<Slot>> slots_of(sqlite::Database& db, std::string_view sql, Instant now,
                                   int most) {
  auto rows = TRY(db.query(sql, to_millis(now), most));
  std::vector<Slot> out;
  while (TRY(rows.step())) out.push_back(Slot{rows.integer(0)});
  return out;
}

Outcome expire(const Scene& scene, Slot slot) {
  const auto seen = TRY(look(scene.db, slot));
  if (seen.loading) return drop(scene.db, slot);
  return end(scene, slot, seen.id, Reason::expired);
}

Outcome end_grace(const Scene& scene, Slot slot) {
  TRY(scene.db.run("DELETE FROM grace WHERE slot = ?1 AND until <= ?2", number(slot),
                   to_millis(scene.now)));
  return end_if_viewed_out(scene, slot);
}

}  // namespace

std::string_view name(Reason reason) {
  switch (reason) {
    case Reason::views:
      return "views";
    case Reason::expired:
      return "expired";
    case Reason::recipient:
      return "recipient";
    case Reason::sender:
      return "sender";
    case Reason::passphrase:
      return "passphrase";
    case Reason::resync:
      return "resync";
  }
  return "";
}

Result<Claim> claim(const Scene& scene, const Holder& holder) {
  auto verdict = TRY(judged(scene, holder));
  if (auto* denied = std::get_if<Denied>(&verdict)) return Claim{*denied};
  const auto& record = std::get<Record>(verdict);
  if (!record.grace_until) return claim_view(scene, record, holder);
  return Claim{TRY(release(scene, record, holder.id))};
}

Result<Verdict> saved(const Scene& scene, const Holder& holder) {
  const auto found = admit(scene.db, holder, scene.now);
  if (!found && found.error().code() == Code::not_found) return Verdict{Denied{}};
  if (!found) return found.error();
  if (!found->grace_until) return Verdict{};
  TRY(scene.db.run("DELETE FROM grace WHERE token = ?1", *holder.grace));
  TRY(end_if_viewed_out(scene, found->slot));
  return Verdict{};
}

Result<Verdict> destroy(const Scene& scene, const Holder& holder) {
  auto verdict = TRY(judged(scene, holder));
  if (auto* denied = std::get_if<Denied>(&verdict)) return Verdict{*denied};
  TRY(end(scene, std::get<Record>(verdict).slot, holder.id, Reason::recipient));
  return Verdict{};
}

Outcome end(const Scene& scene, Slot slot, const Digest& id, Reason reason) {
  const auto ended =
      TRY(scene.db.run("UPDATE counter SET left = -1 WHERE slot = ?1 AND left >= 0", number(slot)));
  if (ended == 0) return {};
  TRY(scene.db.run("DELETE FROM grace WHERE slot = ?1", number(slot)));
  return tell(scene, pushpull::kind::message_destroyed, id,
              pushpull::MessageDestroyed{std::string{name(reason)}});
}

Outcome drop(sqlite::Database& db, Slot slot) {
  TRY(db.run("UPDATE counter SET left = -1 WHERE slot = ?1", number(slot)));
  return {};
}

Result<bool> sweep(const Scene& scene, int most) {
  const auto late = TRY(slots_of(scene.db, overdue, scene.now, most));
  for (const auto slot : late) TRY(expire(scene, slot));
  const auto seen = TRY(slots_of(scene.db, grace_over, scene.now, most));
  for (const auto slot : seen) TRY(end_grace(scene, slot));
  const auto full = static_cast<std::size_t>(most);
  return late.size() == full || seen.size() == full;
}

Result<bool> sweep_needed(sqlite::Database& db, Instant now) {
  const auto late = TRY(slots_of(db, overdue, now, 1));
  const auto seen = TRY(slots_of(db, grace_over, now, 1));
  return !late.empty() || !seen.empty();
}

Result<std::vector<Slot>> overdue_slots(sqlite::Database& db, Instant now, int most) {
  return slots_of(db, overdue, now, most);
}

Result<std::vector<Slot>> ended(sqlite::Database& db, int most) {
  auto rows = TRY(db.query("SELECT slot FROM counter WHERE left < 0 ORDER BY slot LIMIT ?1", most));
  std::vector<Slot> out;
  while (TRY(rows.step())) out.push_back(Slot{rows.integer(0)});
  return out;
}

Result<bool> erase(sqlite::Database& db, Slot slot, int most) {
  const auto end = place(Slot{number(slot) + 1}, 0);
  auto first = TRY(db.query("SELECT min(place) FROM chunk WHERE place >= ?1 AND place < ?2",
                            place(slot, 0), end));
  if (TRY(first.step()) && !first.is_null(0)) {
    const auto rest = std::min(first.integer(0) + most, end);
    TRY(db.run("DELETE FROM chunk WHERE place >= ?1 AND place < ?2", first.integer(0), rest));
    auto more = TRY(
        db.query("SELECT 1 FROM chunk WHERE place >= ?1 AND place < ?2 LIMIT 1", rest, end));
    if (TRY(more.step())) return false;
  }
  TRY(db.run("DELETE FROM message WHERE slot = ?1", number(slot)));
  TRY(db.run("DELETE FROM counter WHERE slot = ?1", number(slot)));
  return true;
}

}  // namespace sp::edge_selfdestruct
