#include "core/audit/audit.h"

#include <algorithm>
#include <array>

#include "base/openssl/crypto.h"
#include "base/result/ensure.h"

namespace sp::audit {
namespace {

constexpr std::array event_codes{std::string_view{"session.opened"},
                                 std::string_view{"session.refused"},
                                 std::string_view{"session.locked"},
                                 std::string_view{"session.closed"},
                                 std::string_view{"password.changed"},
                                 std::string_view{"person.created"},
                                 std::string_view{"person.changed"},
                                 std::string_view{"person.disabled"},
                                 std::string_view{"person.enabled"},
                                 std::string_view{"person.password_reset"},
                                 std::string_view{"token.created"},
                                 std::string_view{"token.revoked"},
                                 std::string_view{"settings.changed"},
                                 std::string_view{"mail.tested"},
                                 std::string_view{"audit.exported"},
                                 std::string_view{"audit.verified"},
                                 std::string_view{"access.refused"},
                                 std::string_view{"core.initialised"},
                                 std::string_view{"core.started"},
                                 std::string_view{"keyring.rotated"},
                                 std::string_view{"message.sent"},
                                 std::string_view{"message.live"},
                                 std::string_view{"message.viewed"},
                                 std::string_view{"message.wrong_passphrase"},
                                 std::string_view{"message.destroyed"},
                                 std::string_view{"message.expired"},
                                 std::string_view{"message.revoked"},
                                 std::string_view{"message.lost"},
                                 std::string_view{"message.failed"},
                                 std::string_view{"mail.sent"},
                                 std::string_view{"mail.failed"},
                                 std::string_view{"edge.added"},
                                 std::string_view{"edge.kit_made"},
                                 std::string_view{"edge.enrolled"},
                                 std::string_view{"edge.removed"},
                                 std::string_view{"edge.rotated"},
                                 std::string_view{"edge.resynced"},
                                 std::string_view{"edge.warning"},
                                 std::string_view{"certificate.replaced"},
                                 std::string_view{"certificate.refused"},
                                 std::string_view{"certificate.expiring"},
                                 std::string_view{"site.created"},
                                 std::string_view{"site.changed"},
                                 std::string_view{"site.removed"},
                                 std::string_view{"host.created"},
                                 std::string_view{"host.changed"},
                                 std::string_view{"host.removed"},
                                 std::string_view{"host.key_trusted"},
                                 std::string_view{"credential.created"},
                                 std::string_view{"credential.changed"},
                                 std::string_view{"credential.removed"},
                                 std::string_view{"credential.used"},
                                 std::string_view{"credential.revealed"},
                                 std::string_view{"permission.given"},
                                 std::string_view{"permission.taken"},
                                 std::string_view{"inventory.imported"},
                                 std::string_view{"inventory.exported"},
                                 std::string_view{"core.restored"},
                                 std::string_view{"mail.released"},
                                 std::string_view{"host_session.asked"},
                                 std::string_view{"host_session.opened"},
                                 std::string_view{"host_session.started"},
                                 std::string_view{"host_session.attached"},
                                 std::string_view{"host_session.ended"},
                                 std::string_view{"host_session.terminated"},
                                 std::string_view{"host_session.watched"},
                                 std::string_view{"host_session.commented"},
                                 std::string_view{"host_session.file"},
                                 std::string_view{"ticket.refused"},
                                 std::string_view{"host_key.seen"},
                                 std::string_view{"host_key.decided"},
                                 std::string_view{"recording.stored"},
                                 std::string_view{"recording.damaged"},
                                 std::string_view{"recording.played"},
                                 std::string_view{"recording.downloaded"},
                                 std::string_view{"recording.erased"},
                                 std::string_view{"authority.made"},
                                 std::string_view{"authority.retired"},
                                 std::string_view{"authority.kept"},
                                 std::string_view{"edge.identity_renewed"}};
static_assert(event_codes.size() == static_cast<std::size_t>(Event::edge_identity_renewed) + 1);

constexpr std::array ending_names{std::string_view{"success"}, std::string_view{"refused"},
                                  std::string_view{"failed"}};
constexpr std::array detail_names{
    std::string_view{"reason"},   std::string_view{"role"},        std::string_view{"scope"},
    std::string_view{"fields"},   std::string_view{"count"},       std::string_view{"format"},
    std::string_view{"view"},     std::string_view{"left"},        std::string_view{"network"},
    std::string_view{"edge"},     std::string_view{"expires_at"},  std::string_view{"views"},
    std::string_view{"files"},    std::string_view{"size"},        std::string_view{"passphrase"},
    std::string_view{"attempts"}, std::string_view{"to"},          std::string_view{"by"},
    std::string_view{"old"},      std::string_view{"version"},     std::string_view{"host"},
    std::string_view{"site"},     std::string_view{"login"},       std::string_view{"rights"},
    std::string_view{"person"},   std::string_view{"reason_given"}};
static_assert(detail_names.size() == static_cast<std::size_t>(Detail::reason_given) + 1);

constexpr std::size_t most_value_size = 200;
constexpr int batch = 1000;
constexpr int chain = 1;  // one chain; the column leaves room for one for each core

std::string cut(const std::string& text) {
  return text.substr(0, most_value_size);
}

void put(bytes::Writer& out, std::string_view text) {
  out.u32(static_cast<std::uint32_t>(text.size())).raw(text);
}

// u16 count, then name and value of each.
Bytes encode(const Details& details) {
  bytes::Writer out;
  out.u16(static_cast<std::uint16_t>(details.size()));
  for (const auto& [which, value] : details) {
    put(out, name(which));
    put(out, cut(value));
  }
  return out.take();
}
Result<std::string> take_text(bytes::Reader& in) {
  const auto size = TRY(in.u32());
  const auto view = TRY(in.take(size));
  return std::string{bytes::text(view)};
}
Result<std::vector<std::pair<std::string, std::string>>> decode(BytesView encoded) {
  bytes::Reader in{encoded};
  const auto count = TRY(in.u16());
  std::vector<std::pair<std::string, std::string>> details;
  for (std::uint16_t i = 0; i < count; ++i) {
    auto key = TRY(take_text(in));
    auto value = TRY(take_text(in));
    details.emplace_back(std::move(key), std::move(value));
  }
  TRY(in.end());
  return details;
}

constexpr std::string_view columns =
    "seq, at, code, outcome, actor_kind, actor_id, actor_name, object_kind, object_id, "
    "object_name, source, details, mac";

// The bytes that the chain is made over: the columns in their order, each with its length.
openssl::Digest link(const Secret& key, BytesView before, const store::Row& row) {
  bytes::Writer out;
  out.raw("sallyport audit v1").u64(static_cast<std::uint64_t>(row.integer(0)));
  out.u64(static_cast<std::uint64_t>(row.integer(1)));
  for (std::size_t column = 2; column <= 10; ++column) put(out, row.text(column));
  out.u32(static_cast<std::uint32_t>(row.bytes(11).size())).raw(row.bytes(11));
  return openssl::hmac_sha256(key.expose(), {before, out.view()});
}

store::Row row_of(std::int64_t seq, Instant at, const Entry& entry) {
  std::vector<store::Row::Column> all{seq, to_millis(at)};
  for (const auto text : {code(entry.event), name(entry.ending)})
    all.emplace_back(std::string{text});
  for (const auto* text : {&entry.actor.kind, &entry.actor.id, &entry.actor.name,
                           &entry.object.kind, &entry.object.id, &entry.object.name, &entry.source})
    all.emplace_back(cut(*text));
  all.emplace_back(encode(entry.details));
  return store::Row{std::move(all)};
}

Bytes seal_of_head(const Secret& key, std::int64_t seq, BytesView mac) {
  bytes::Writer out;
  out.raw("sallyport audit head v1").u64(static_cast<std::uint64_t>(seq)).raw(mac);
  const auto seal = openssl::hmac_sha256(key.expose(), {out.view()});
  return bytes::copy(seal);
}

struct Head {
  std::int64_t seq = 0;
  Bytes mac = Bytes(32);
  Bytes seal;
};
Result<std::optional<Head>> read_head(store::Transaction& tx) {
  const auto row = TRY(tx.one("SELECT seq, mac, seal FROM audit_head WHERE chain = $1", chain));
  if (!row) return std::optional<Head>{};
  return std::optional<Head>{Head{row->integer(0), row->bytes(1), row->bytes(2)}};
}

Record record_of(const store::Row& row) {
  Record record{row.integer(0),
                row.time(1),
                row.text(2),
                row.text(3),
                {row.text(4), row.text(5), row.text(6)},
                {row.text(7), row.text(8), row.text(9)},
                row.text(10),
                {}};
  if (auto details = decode(row.bytes(11))) record.details = std::move(*details);
  return record;
}

// Empty and absent parts of the filter match everything; "session" matches "session.opened".
Result<store::Rows> rows_of(store::Store& store, const Filter& filter, std::int64_t from_seq,
                            bool newest_first, int limit) {
  const auto prefix = filter.code + ".";
  const auto past_prefix = filter.code + "/";  // '/' follows '.' in ASCII
  const std::string sql =
      "SELECT " + std::string{columns} + " FROM audit WHERE " +
      (newest_first ? "seq < $1" : "seq > $1") +
      " AND ($2 = '' OR actor_id = $2 OR actor_name = $2)"
      " AND ($3 = '' OR code = $3 OR (code >= $4 AND code < $5)) AND ($6 = '' OR object_id = $6)"
      " AND at >= $7 AND at < $8 ORDER BY seq " +
      (newest_first ? "DESC" : "ASC") + " LIMIT $9";
  const auto from = filter.from ? to_millis(*filter.from) : 0;
  const auto to = filter.to ? to_millis(*filter.to) : std::int64_t{1} << 60;
  return store.read([&](store::Transaction& tx) {
    return tx.query(sql, from_seq, filter.actor, filter.code, prefix, past_prefix, filter.object,
                    from, to, limit);
  });
}

}  // namespace

std::string_view code(Event event) {
  return event_codes[static_cast<std::size_t>(event)];
}
std::string_view name(Ending ending) {
  return ending_names[static_cast<std::size_t>(ending)];
}
std::string_view name(Detail detail) {
  return detail_names[static_cast<std::size_t>(detail)];
}

Audit::Audit(const keyring::Keyring& keyring, const Clock& clock)
    : chain_key_(keyring.derive("audit chain")),
      head_key_(keyring.derive("audit head")),
      clock_(&clock) {}

Outcome Audit::append(store::Transaction& tx, const Entry& entry) const {
  TRY(tx.lock("sallyport audit"));
  const auto stored = TRY(read_head(tx));
  const auto head = stored.value_or(Head{});
  const auto seq = head.seq + 1;
  const auto row = row_of(seq, clock_->now(), entry);
  const auto mac = bytes::copy(link(chain_key_, head.mac, row));
  TRY(
      tx.run("INSERT INTO audit (seq, at, code, outcome, actor_kind, actor_id, actor_name, "
             "object_kind, object_id, "
             "object_name, source, details, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
             "$11, $12, $13)",
             seq, row.integer(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
             row.text(7), row.text(8), row.text(9), row.text(10), row.bytes(11), mac));
  TRY(
      tx.run("INSERT INTO audit_head (chain, seq, mac, seal) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, mac = excluded.mac, seal = "
             "excluded.seal",
             chain, seq, mac, seal_of_head(head_key_, seq, mac)));
  return {};
}

Outcome Audit::append(store::Store& store, const Entry& entry) const {
  return store.write([&](store::Transaction& tx) { return append(tx, entry); });
}

namespace {

Verdict broken(Verdict so_far, std::int64_t at, std::string problem) {
  so_far.intact = false;
  so_far.at_seq = at;
  so_far.problem = std::move(problem);
  return so_far;
}

// One page of the chain; false in `whole` at the first row that does not fit.
struct Walk {
  Verdict verdict;
  Bytes mac = Bytes(32);
  bool whole = true;
};
void step(Walk& walk, const Secret& key, const store::Row& row) {
  const auto expected = walk.verdict.last_seq + 1;
  const auto seq = row.integer(0);
  if (seq != expected) {
    walk.whole = false;
    walk.verdict =
        broken(walk.verdict, expected, "event " + std::to_string(expected) + " was removed");
    return;
  }
  if (!openssl::equal(link(key, walk.mac, row), row.bytes(12))) {
    walk.whole = false;
    walk.verdict =
        broken(walk.verdict, seq, "event " + std::to_string(seq) + " was changed or moved");
    return;
  }
  walk.mac = row.bytes(12);
  walk.verdict.last_seq = seq;
  ++walk.verdict.checked;
}

}  // namespace

Result<Verdict> Audit::verify(store::Store& store) const {
  const auto stored = TRY(store.read([](store::Transaction& tx) { return read_head(tx); }));
  const auto head = stored.value_or(Head{});
  Walk walk;
  if (stored && !openssl::equal(head.seal, seal_of_head(head_key_, head.seq, head.mac)))
    return broken(walk.verdict, head.seq, "the count of events was changed");
  const auto sql =
      "SELECT " + std::string{columns} + " FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";
  while (walk.whole) {
    const auto page = [&](store::Transaction& tx) {
      return tx.query(sql, walk.verdict.last_seq, batch);
    };
    const auto rows = TRY(store.read(page));
    for (const auto& row : rows) {
      if (walk.whole) step(walk, chain_key_, row);
    }
    if (rows.size() < batch) break;
  }
  if (!walk.whole) return walk.verdict;
  if (walk.verdict.last_seq < head.seq || (!stored && walk.verdict.last_seq > 0))
    return broken(walk.verdict, walk.verdict.last_seq + 1,
                  "the newest events were removed, or their count");
  walk.verdict.intact = true;
  return walk.verdict;
}

Result<std::vector<Record>> list(store::Store& store, const Filter& filter, std::int64_t before,
                                 int limit) {
  const auto from = before == 0 ? std::int64_t{1} << 60 : before;
  const auto rows = TRY(rows_of(store, filter, from, true, limit));
  std::vector<Record> records;
  for (const auto& row : rows) records.push_back(record_of(row));
  return records;
}

Result<std::vector<Record>> list_from(store::Store& store, const Filter& filter, std::int64_t after,
                                      int limit) {
  const auto rows = TRY(rows_of(store, filter, after, false, limit));
  std::vector<Record> records;
  for (const auto& row : rows) records.push_back(record_of(row));
  return records;
}

Outcome each(store::Store& store, const Filter& filter,
             const std::function<bool(const Record&)>& give) {
  for (std::int64_t after = 0;;) {
    const auto rows = TRY(rows_of(store, filter, after, false, batch));
    for (const auto& row : rows) {
      if (!give(record_of(row))) return {};
    }
    if (rows.size() < batch) return {};
    after = rows.back().integer(0);
  }
}

}  // namespace sp::audit
