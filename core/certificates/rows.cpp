#include "core/certificates/internal/rows.h"

#include <algorithm>

#include "base/bytes/bytes.h"

namespace sp::certificates::rows {
namespace {

constexpr Duration seen_again = std::chrono::minutes{5};
constexpr Duration long_ago = std::chrono::days{30};

// One a line: a name of a certificate that has a line break is none.
std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names)
    if (name.find('\n') == std::string::npos) out += name + "\n";
  return out;
}
std::vector<std::string> split(std::string_view lines) {
  std::vector<std::string> out;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    out.emplace_back(lines.substr(0, end));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  return out;
}

Result<openssl::Digest> digest(const Bytes& stored) {
  bytes::Reader reader{stored};
  return reader.array<32>();
}

std::optional<int> maybe_days(const store::Row& row, std::size_t column) {
  const auto value = row.maybe_integer(column);
  return value ? std::optional{static_cast<int>(*value)} : std::nullopt;
}

Result<Row> row_of(const store::Row& row) {
  Row out;
  auto& it = out.certificate;
  it.owner = row.text(0);
  const auto place = place_named(row.text(1));
  if (!place) return Error{Code::corrupt, "certificates: place"};
  it.place = *place;
  it.fingerprint = TRY(digest(row.bytes(2)));
  it.pin = TRY(digest(row.bytes(3)));
  it.names = split(row.text(4));
  it.issuer = row.text(5);
  it.not_before = row.time(6);
  it.not_after = row.time(7);
  it.renewed_by = row.text(8);
  it.seen_at = row.time(9);
  out.noted = maybe_days(row, 10);
  out.mailed = maybe_days(row, 11);
  return out;
}

}  // namespace

Result<std::vector<Row>> all(store::Transaction& transaction) {
  const auto rows = TRY(transaction.query(
      "SELECT c.owner, c.place, c.fingerprint, c.pin, c.names, c.issuer, c.not_before, "
      "c.not_after, c.renewed_by, c.seen_at, w.noted, w.mailed FROM certificates c LEFT JOIN "
      "certificate_warnings w ON w.owner = c.owner AND w.place = c.place AND w.fingerprint = "
      "c.fingerprint ORDER BY c.owner, c.place"));
  std::vector<Row> out;
  for (const auto& row : rows) out.push_back(TRY(row_of(row)));
  return out;
}

// Seen again without a change, it is written every few minutes only.
Outcome record(store::Transaction& transaction, const Certificate& seen) {
  TRY(transaction.run(
      "INSERT INTO certificates (owner, place, fingerprint, pin, names, issuer, not_before, "
      "not_after, renewed_by, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
      "ON CONFLICT (owner, place) DO UPDATE SET fingerprint = excluded.fingerprint, pin = "
      "excluded.pin, names = excluded.names, issuer = excluded.issuer, not_before = "
      "excluded.not_before, not_after = excluded.not_after, renewed_by = excluded.renewed_by, "
      "seen_at = excluded.seen_at WHERE certificates.fingerprint <> excluded.fingerprint OR "
      "certificates.names <> excluded.names OR certificates.renewed_by <> excluded.renewed_by OR "
      "certificates.seen_at < $11",
      seen.owner, name(seen.place), seen.fingerprint, seen.pin, joined(seen.names), seen.issuer,
      seen.not_before, seen.not_after, seen.renewed_by, seen.seen_at, seen.seen_at - seen_again));
  return {};
}

Outcome forget(store::Transaction& transaction, Instant now) {
  TRY(
      transaction.run("DELETE FROM certificates WHERE owner <> '' AND owner NOT IN (SELECT id FROM "
                      "edges WHERE state <> 'removed')"));
  TRY(transaction.run(
      "DELETE FROM certificate_warnings WHERE ends_at < $1 AND fingerprint NOT IN (SELECT "
      "fingerprint FROM certificates)",
      now - long_ago));
  return {};
}

Result<bool> claim(store::Transaction& transaction, const Certificate& certificate, Told what,
                   int threshold) {
  TRY(transaction.run(
      "INSERT INTO certificate_warnings (owner, place, fingerprint, ends_at) VALUES ($1, $2, $3, "
      "$4) ON CONFLICT DO NOTHING",
      certificate.owner, name(certificate.place), certificate.fingerprint, certificate.not_after));
  const std::string column = what == Told::noted ? "noted" : "mailed";
  const auto changed = TRY(transaction.run(
      "UPDATE certificate_warnings SET " + column +
          " = $4 WHERE owner = $1 AND place = $2 AND fingerprint = $3 AND (" + column +
          " IS NULL OR " + column + " > $4)",
      certificate.owner, name(certificate.place), certificate.fingerprint, threshold));
  return changed == 1;
}

}  // namespace sp::certificates::rows
