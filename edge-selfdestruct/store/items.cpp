#include "edge-selfdestruct/store/items.h"

#include "edge-selfdestruct/store/branding.h"

namespace sp::edge_selfdestruct {
namespace {

using namespace std::chrono_literals;

constexpr Duration loading_life = 48h;           // of chunks whose put does not come
constexpr std::uint64_t count_exactly = 20'000;  // up to here counting is quick
constexpr std::uint32_t most_views = 1'000'000;
constexpr std::uint32_t most_attempts = 1'000;
constexpr std::uint32_t least_memory_kib = 8 * 1024;
constexpr std::uint32_t most_memory_kib = 1024 * 1024;
constexpr std::uint32_t most_passes = 16;
constexpr Duration most_grace = 10min;
constexpr std::size_t most_sender = 500;
constexpr std::int64_t least_content = 17;  // one byte and its tag
constexpr std::int64_t chunk_size = static_cast<std::int64_t>(pushpull::chunk_size);
static_assert(chunk_size % piece_size == 0);

Error refused(const char* why, Code code = Code::invalid_input) {
  return Error{code, why};
}

Outcome check_passphrase(const pushpull::MessagePut& put) {
  if (put.pass.has_value() != put.salt.has_value()) return refused("pass without salt");
  if (!put.pass) return {};
  if (put.memory_kib < least_memory_kib || put.memory_kib > most_memory_kib)
    return refused("memory_kib");
  if (put.passes < 1 || put.passes > most_passes) return refused("passes");
  if (put.attempts < 1 || put.attempts > most_attempts) return refused("attempts");
  return {};
}

Outcome check(const pushpull::MessagePut& put, Instant now) {
  if (put.views < 1 || put.views > most_views) return refused("views");
  if (put.grace < Duration::zero() || put.grace > most_grace) return refused("grace");
  if (put.sender && (put.sender->size() > most_sender || !bytes::is_utf8(*put.sender)))
    return refused("sender");
  if (put.size < least_content || put.size > max_content) return refused("size", Code::too_many);
  if (put.expires_at <= now) return refused("expired before it came", Code::expired);
  return check_passphrase(put);
}

Outcome keep_pieces(const Scene& scene, Slot slot, std::int64_t first, const Digest& id,
                    BytesView content) {
  const auto key = TRY(scene.slots.key(slot));
  for (auto piece = first; !content.empty(); ++piece) {
    const auto size = std::min<std::size_t>(content.size(), piece_size);
    TRY(keep_piece(scene.db, slot, piece, key, id, content.first(size)));
    content = content.subspan(size);
  }
  return {};
}

struct Loading {
  Slot slot{};
  std::int64_t size = 0;
};

// The message whose chunks are arriving, none when there is no row yet; `conflict` when it is
// complete.
Result<std::optional<Loading>> loading(sqlite::Database& db, const Digest& id) {
  auto row = TRY(db.query("SELECT slot, size, loading FROM message WHERE id_hash = ?1", id));
  if (!TRY(row.step())) return std::optional<Loading>{};
  if (row.integer(2) == 0) return refused("the message is here already", Code::conflict);
  return std::optional{Loading{Slot{row.integer(0)}, row.integer(1)}};
}

Result<Loading> begin_loading(const Scene& scene, const Digest& id) {
  const auto slot = TRY(scene.slots.allocate());
  TRY(scene.db.run(
      "INSERT INTO message(slot, id_hash, link, memory_kib, passes, views, expires_at, grace_ms, "
      "size, loading) VALUES (?1, ?2, x'', 0, 0, 0, ?3, 0, 0, 1)",
      number(slot), id, to_millis(scene.now + loading_life)));
  TRY(scene.db.run("INSERT INTO counter(slot, left, attempts) VALUES (?1, 0, 0)", number(slot)));
  return Loading{slot, 0};
}

Outcome make_live(const Scene& scene, Slot slot, const pushpull::MessagePut& put) {
  TRY(scene.db.run(
      "UPDATE message SET link = ?2, pass = ?3, salt = ?4, memory_kib = ?5, passes = ?6, "
      "views = ?7, expires_at = ?8, grace_ms = ?9, sender = ?10, size = ?11, loading = 0 "
      "WHERE slot = ?1",
      number(slot), put.link, put.pass, put.salt, std::int64_t{put.memory_kib},
      std::int64_t{put.passes}, std::int64_t{put.views}, to_millis(put.expires_at),
      put.grace.count(), put.sender, static_cast<std::int64_t>(put.size)));
  TRY(scene.db.run("UPDATE counter SET left = ?2, attempts = ?3 WHERE slot = ?1", number(slot),
                   std::int64_t{put.views}, std::int64_t{put.attempts}));
  return {};
}

Outcome put_whole(const Scene& scene, Slot slot, const pushpull::MessagePut& put,
                  const Digest& id) {
  TRY(scene.db.run(
      "INSERT INTO message(slot, id_hash, link, pass, salt, memory_kib, passes, views, expires_at, "
      "grace_ms, sender, size, loading) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0)",
      number(slot), id, put.link, put.pass, put.salt, std::int64_t{put.memory_kib},
      std::int64_t{put.passes}, std::int64_t{put.views}, to_millis(put.expires_at),
      put.grace.count(), put.sender, static_cast<std::int64_t>(put.size)));
  TRY(scene.db.run("INSERT INTO counter(slot, left, attempts) VALUES (?1, ?2, ?3)", number(slot),
                   std::int64_t{put.views}, std::int64_t{put.attempts}));
  return keep_pieces(scene, slot, 0, id, put.data);
}

Outcome revoke(const Scene& scene, const Digest& id, BytesView body) {
  TRY(pushpull::decode_empty(body));
  auto row = TRY(scene.db.query("SELECT slot, loading FROM message WHERE id_hash = ?1", id));
  if (!TRY(row.step())) return {};  // it ended before the core knew
  const Slot slot{row.integer(0)};
  if (row.integer(1) != 0) return drop(scene.db, slot);
  return end(scene, slot, id, Reason::sender);
}

Result<Digest> digest_of(const pushpull::Item& item) {
  bytes::Reader reader{item.id};
  const auto id = TRY(reader.array<32>());
  TRY(reader.end());
  return id;
}

struct Named {
  Slot slot{};
  Digest id{};
};
Result<std::vector<Named>> select(sqlite::Database& db, std::string_view sql) {
  auto rows = TRY(db.query(sql));
  std::vector<Named> out;
  while (TRY(rows.step())) {
    bytes::Reader id{rows.blob_view(1)};
    out.push_back({Slot{rows.integer(0)}, TRY(id.array<32>())});
  }
  return out;
}

constexpr std::string_view not_listed =
    "SELECT slot, id_hash FROM message JOIN counter USING (slot) WHERE loading = 0 AND left >= 0 "
    "AND id_hash NOT IN (SELECT id FROM pushpull_live)";
constexpr std::string_view lower_views =
    "UPDATE counter SET left = listed.views_left FROM message "
    "JOIN pushpull_live AS listed ON listed.id = message.id_hash "
    "WHERE message.slot = counter.slot AND loading = 0 AND left > listed.views_left";
constexpr std::string_view viewed_out =
    "SELECT slot, id_hash FROM message JOIN counter USING (slot) WHERE loading = 0 AND left = 0 "
    "AND NOT EXISTS (SELECT 1 FROM grace WHERE grace.slot = message.slot)";
constexpr std::string_view lacking =
    "SELECT 0, id FROM pushpull_live WHERE NOT EXISTS (SELECT 1 FROM message JOIN counter "
    "USING (slot) WHERE id_hash = pushpull_live.id AND loading = 0 AND left >= 0)";

}  // namespace

Outcome Items::apply(sqlite::Database& db, const pushpull::Item& item) {
  if (item.kind == pushpull::kind::settings_put) return keep_branding(db, item.body);
  const auto id = TRY(digest_of(item));
  if (item.kind == pushpull::kind::message_put) return put(scene(db), id, item.body);
  if (item.kind == pushpull::kind::message_chunk) return put_chunk(scene(db), id, item.body);
  if (item.kind == pushpull::kind::message_revoke) return revoke(scene(db), id, item.body);
  return refused("unknown kind of item");
}

Outcome Items::put_chunk(const Scene& scene, const Digest& id, BytesView body) {
  if (short_of_disk_) return Error{Code::unavailable, "short of disk"};
  const auto chunk = TRY(pushpull::decode_message_chunk(body));
  auto begun = TRY(loading(scene.db, id));
  if (!begun) begun = TRY(begin_loading(scene, id));
  const auto size = static_cast<std::int64_t>(chunk.data.size());
  if (begun->size != std::int64_t{chunk.index} * chunk_size) return refused("chunk out of order");
  if (size < 1 || size > chunk_size || begun->size + size > max_content)
    return refused("chunk size", Code::too_many);
  TRY(keep_pieces(scene, begun->slot, begun->size / piece_size, id, chunk.data));
  TRY(scene.db.run("UPDATE message SET size = ?2 WHERE slot = ?1", number(begun->slot),
                   begun->size + size));
  return {};
}

Outcome Items::put(const Scene& scene, const Digest& id, BytesView body) {
  if (short_of_disk_) return Error{Code::unavailable, "short of disk"};
  const auto put = TRY(pushpull::decode_message_put(body));
  TRY(check(put, scene.now));
  const auto begun = TRY(loading(scene.db, id));
  if (put.chunks == 0) {
    if (begun || put.data.size() != put.size || put.data.size() > pushpull::chunk_size)
      return refused("data");
    const auto slot = TRY(scene.slots.allocate());
    return put_whole(scene, slot, put, id);
  }
  const auto size = static_cast<std::int64_t>(put.size);
  const auto chunks = (size + chunk_size - 1) / chunk_size;
  if (!begun || begun->size != size || chunks != put.chunks || !put.data.empty())
    return refused("chunks");
  return make_live(scene, begun->slot, put);
}

Result<std::vector<pushpull::Hash>> Items::resync(sqlite::Database& db) {
  const auto now = scene(db);
  std::vector<pushpull::Hash> lost;
  for (const auto& [slot, id] : TRY(select(db, lacking))) lost.push_back(id);
  for (const auto& [slot, id] : TRY(select(db, not_listed)))
    TRY(end(now, slot, id, Reason::resync));
  TRY(db.run(lower_views));
  for (const auto& [slot, id] : TRY(select(db, viewed_out)))
    TRY(end(now, slot, id, Reason::resync));
  return lost;
}

Result<std::uint64_t> Items::holds(sqlite::Database& db) {
  if (const auto known = holds_.load(); known > count_exactly) return known;
  return count_live(db);
}

Result<std::uint64_t> count_live(sqlite::Database& db) {
  auto row = TRY(db.query("SELECT count(*) FROM counter WHERE left >= 0"));
  TRY(row.step());
  return static_cast<std::uint64_t>(row.integer(0));
}

}  // namespace sp::edge_selfdestruct
