#include "core/identities/rows.h"

namespace sp::identities::rows {
namespace {

keyring::Place place_of(const std::string& number) {
  return {"link_authorities", number, "key"};
}

Identity identity_of(const store::Row& row) {
  Identity out{row.text(0), row.bytes(1), row.time(2), {}, {}};
  if (!row.is_null(3))
    out.made =
        Identity::Signed{row.integer(3), row.bytes(4), row.bytes(5), row.time(6), row.time(7)};
  if (!row.is_null(8))
    out.shown = Identity::Shown{row.integer(8), row.bytes(9), row.time(10), row.time(11)};
  return out;
}

Outcome add(const Context& context, store::Transaction& tx, std::int64_t number,
            const std::string& certificate, const Secret& key, Instant created_at) {
  const auto sealed = context.keyring.seal(place_of(std::to_string(number)), key.expose());
  TRY(
      tx.run("INSERT INTO link_authorities (number, certificate, key, created_at) VALUES ($1, $2, "
             "$3, $4)",
             number, certificate, sealed, created_at));
  return {};
}

}  // namespace

Result<std::vector<Authority>> authorities(const Context& context, store::Transaction& tx) {
  std::vector<Authority> out;
  for (const auto& row :
       TRY(tx.query("SELECT number, certificate, key FROM link_authorities ORDER BY number"))) {
    const auto number = std::to_string(row.integer(0));
    const auto key = TRY(context.keyring.open(place_of(number), row.bytes(2)));
    auto signer = TRY(parse_authority(row.text(1), key));
    out.push_back({row.integer(0), std::move(signer)});
  }
  return out;
}

Result<std::vector<std::int64_t>> numbers(store::Transaction& tx) {
  std::vector<std::int64_t> out;
  for (const auto& row : TRY(tx.query("SELECT number FROM link_authorities ORDER BY number")))
    out.push_back(row.integer(0));
  return out;
}

Outcome add_authority(const Context& context, store::Transaction& tx) {
  const auto there = TRY(numbers(tx));
  const auto now = context.clock.now();
  const auto made = TRY(make_authority(now, context.random));
  return add(context, tx, there.empty() ? 1 : there.back() + 1, made.certificate, made.key, now);
}

Outcome retire_below(store::Transaction& tx, std::int64_t number) {
  TRY(tx.run("DELETE FROM link_authorities WHERE number < $1", number));
  return {};
}

Outcome renumber(const Context& context, store::Transaction& tx, std::int64_t from,
                 std::int64_t to) {
  const auto row = TRY(
      tx.one("SELECT certificate, key, created_at FROM link_authorities WHERE number = $1", from));
  if (!row) return Error{Code::not_found, "no such authority"};
  const auto key = TRY(context.keyring.open(place_of(std::to_string(from)), row->bytes(1)));
  TRY(tx.run("DELETE FROM link_authorities WHERE number = $1", from));
  TRY(add(context, tx, to, row->text(0), key, row->time(2)));
  TRY(tx.run("UPDATE link_identities SET signed_authority = $2 WHERE signed_authority = $1", from,
             to));
  TRY(tx.run("UPDATE link_identities SET shown_authority = $2 WHERE shown_authority = $1", from,
             to));
  return {};
}

Result<Instant> end_of_newest(store::Transaction& tx) {
  const auto row =
      TRY(tx.one("SELECT certificate FROM link_authorities ORDER BY number DESC LIMIT 1"));
  if (!row) return Error{Code::not_found, "no authority"};
  return end_of(row->text(0));
}

Result<std::optional<Identity>> identity(store::Transaction& tx, std::string_view edge) {
  const auto row =
      TRY(tx.one("SELECT edge, order_id, asked_at, signed_authority, signed_pin, "
                 "signed_fingerprint, signed_from, signed_until, shown_authority, "
                 "shown_fingerprint, shown_from, shown_until FROM link_identities WHERE edge = $1",
                 edge));
  if (!row) return std::optional<Identity>{};
  return std::optional{identity_of(*row)};
}

Outcome ask(store::Transaction& tx, const Identity& wanted) {
  TRY(tx.run(
      "INSERT INTO link_identities (edge, order_id, asked_at) VALUES ($1, $2, $3) ON CONFLICT "
      "(edge) DO UPDATE SET order_id = excluded.order_id, asked_at = excluded.asked_at, "
      "signed_authority = NULL, signed_pin = NULL, signed_fingerprint = NULL, signed_from = NULL, "
      "signed_until = NULL",
      wanted.edge, wanted.order, wanted.asked_at));
  return {};
}

Outcome note_signed(store::Transaction& tx, std::string_view edge, const Identity::Signed& made) {
  TRY(tx.run(
      "UPDATE link_identities SET signed_authority = $2, signed_pin = $3, signed_fingerprint = $4, "
      "signed_from = $5, signed_until = $6 WHERE edge = $1",
      edge, made.authority, made.pin, made.fingerprint, made.from, made.until));
  return {};
}

Outcome note_shown(store::Transaction& tx, std::string_view edge) {
  TRY(
      tx.run("UPDATE link_identities SET shown_authority = signed_authority, shown_fingerprint = "
             "signed_fingerprint, shown_from = signed_from, shown_until = signed_until WHERE edge "
             "= $1 AND signed_pin IS NOT NULL",
             edge));
  return {};
}

Outcome forget(store::Transaction& tx, std::string_view edge) {
  TRY(tx.run("DELETE FROM link_identities WHERE edge = $1", edge));
  return {};
}

Result<bool> is_waiting(store::Transaction& tx, std::string_view edge) {
  const auto row =
      TRY(tx.one("SELECT 1 FROM outbox WHERE edge = $1 AND kind IN ($2, $3) LIMIT 1", edge,
                 pushpull::kind::identity_request, pushpull::kind::identity_put));
  return row.has_value();
}

}  // namespace sp::identities::rows
