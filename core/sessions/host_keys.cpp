#include "core/sessions/host_keys.h"

#include <algorithm>
#include <array>

#include "base/openssl/crypto.h"
#include "base/random/id.h"

namespace sp::sessions {
namespace {

constexpr std::array verdicts{std::pair{Verdict::first_use, std::string_view{"first_use"}},
                              std::pair{Verdict::unknown, std::string_view{"unknown"}},
                              std::pair{Verdict::changed, std::string_view{"changed"}}};

const std::string select =
    "SELECT k.id, k.host, s.host_name, k.session, k.host_key, k.verdict, k.seen_at, k.state FROM "
    "host_key_sightings k JOIN host_sessions s ON s.id = k.session ";

Sighting sighting_of(const store::Row& row) {
  return {row.text(0), row.text(1), row.text(2),
          row.text(3), row.text(4), verdict_named(row.text(5)).value_or(Verdict::unknown),
          row.time(6), row.text(7)};
}

// RFC 4648 section 4; the key of OpenSSH's form is written so.
std::optional<Bytes> from_base64(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (text.ends_with('=')) text.pop_back();
  auto raw = bytes::from_base64url(text);
  if (!raw) return std::nullopt;
  return *std::move(raw);
}

}  // namespace

std::string_view name(Verdict verdict) {
  return std::ranges::find(verdicts, verdict, [](const auto& entry) { return entry.first; })
      ->second;
}
std::optional<Verdict> verdict_named(std::string_view text) {
  const auto found =
      std::ranges::find(verdicts, text, [](const auto& entry) { return entry.second; });
  if (found == verdicts.end()) return std::nullopt;
  return found->first;
}

Outcome seen(const Context& context, store::Transaction& transaction, const Session& session,
             std::string_view key, Verdict verdict, Instant at) {
  const auto known =
      TRY(transaction.run("UPDATE host_key_sightings SET seen_at = $3, session = $4, verdict = $5 "
                          "WHERE host = $1 AND host_key = $2 AND state = 'open'",
                          session.host, key, at, session.id, name(verdict)));
  if (known > 0) return {};
  TRY(transaction.run(
      "INSERT INTO host_key_sightings (id, host, session, host_key, verdict, seen_at, state) "
      "VALUES ($1, $2, $3, $4, $5, $6, 'open')",
      bytes::base64url(random_id(context.random)), session.host, session.id, key, name(verdict),
      at));
  return {};
}

Result<std::vector<Sighting>> open_sightings(store::Store& store, const access::Permit& permit,
                                             std::string_view host) {
  permit.expect(access::Action::host_keys_read);
  return store.read([&](store::Transaction& transaction) -> Result<std::vector<Sighting>> {
    const auto rows = TRY(transaction.query(
        select + "WHERE k.state = 'open' AND (CAST($1 AS TEXT) = '' OR k.host = $1) ORDER BY "
                 "k.seen_at DESC, k.id LIMIT 500",
        host));
    std::vector<Sighting> out;
    std::ranges::transform(rows, std::back_inserter(out), sighting_of);
    return out;
  });
}

Result<Sighting> find_sighting(store::Store& store, std::string_view id) {
  return store.read([&](store::Transaction& transaction) -> Result<Sighting> {
    const auto row = TRY(transaction.one(select + "WHERE k.id = $1", id));
    if (!row) return Error{Code::not_found, "host key: unknown"};
    return sighting_of(*row);
  });
}

std::string fingerprint(std::string_view key) {
  const auto space = key.find(' ');
  if (space == std::string_view::npos) return {};
  const auto raw = from_base64(std::string{key.substr(space + 1)});
  if (!raw) return {};
  auto text = bytes::base64(openssl::sha256(*raw));
  while (text.ends_with('=')) text.pop_back();
  return "SHA256:" + text;
}

Outcome decide(const Context& context, const access::Actor& actor, std::string_view id,
               Decision decision) {
  const bool trusts = decision == Decision::trust;
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto changed = TRY(transaction.run(
        "UPDATE host_key_sightings SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1 "
        "AND state = 'open'",
        id, trusts ? "trusted" : "dismissed", actor.login, context.clock.now()));
    if (changed == 0) return Error{Code::conflict, "host key: decided already"};
    const auto row = TRY(transaction.one(select + "WHERE k.id = $1", id));
    const auto sighting = sighting_of(*row);
    return context.audit.append(transaction,
                                {audit::Event::host_key_decided,
                                 audit::Ending::success,
                                 access::who(actor),
                                 {"host", sighting.host, sighting.host_name},
                                 actor.source,
                                 {{audit::Detail::reason, trusts ? "trusted" : "dismissed"}}});
  });
}

}  // namespace sp::sessions
