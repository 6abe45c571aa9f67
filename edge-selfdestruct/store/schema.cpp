#include "edge-selfdestruct/store/schema.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::int64_t version = 1;

constexpr const char* tables = R"sql(
CREATE TABLE message(
  slot INTEGER PRIMARY KEY,
  id_hash BLOB NOT NULL UNIQUE,
  link BLOB NOT NULL,
  pass BLOB,
  salt BLOB,
  memory_kib INTEGER NOT NULL,
  passes INTEGER NOT NULL,
  views INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  grace_ms INTEGER NOT NULL,
  sender TEXT,
  size INTEGER NOT NULL,
  loading INTEGER NOT NULL
) STRICT;
CREATE INDEX message_expiry ON message(expires_at);
CREATE TABLE counter(
  slot INTEGER PRIMARY KEY,
  left INTEGER NOT NULL,
  attempts INTEGER NOT NULL
) STRICT;
CREATE INDEX counter_ended ON counter(slot) WHERE left < 0;
CREATE TABLE chunk(
  place INTEGER PRIMARY KEY,
  sealed BLOB NOT NULL
) STRICT;
CREATE TABLE grace(
  token BLOB NOT NULL UNIQUE,
  slot INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT;
CREATE INDEX grace_until ON grace(until);
CREATE INDEX grace_slot ON grace(slot);
CREATE TABLE portal(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  clock INTEGER NOT NULL,
  branding BLOB
) STRICT;
INSERT INTO portal(one, clock, branding) VALUES (1, 0, NULL);
CREATE TABLE portal_version(version INTEGER NOT NULL) STRICT;
)sql";

Result<bool> has_tables(sqlite::Database& db) {
  auto found = TRY(db.query("SELECT 1 FROM sqlite_schema WHERE name = 'portal_version'"));
  return found.step();
}

Outcome check_version(sqlite::Database& db) {
  auto row = TRY(db.query("SELECT version FROM portal_version"));
  if (!TRY(row.step())) return Error{Code::corrupt, "no portal version in the database"};
  if (row.integer(0) != version)
    return Error{Code::corrupt, "the database was made by another version of the portal"};
  return {};
}

}  // namespace

Outcome prepare_schema(sqlite::Database& db) {
  if (TRY(has_tables(db))) return check_version(db);
  auto work = TRY(sqlite::Transaction::begin(db));
  TRY(db.script(tables));
  TRY(db.run("INSERT INTO portal_version(version) VALUES (?1)", version));
  return std::move(work).commit();
}

}  // namespace sp::edge_selfdestruct
