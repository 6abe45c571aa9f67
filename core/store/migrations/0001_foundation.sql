-- Keys, audit, people, settings. Times are milliseconds since 1970 UTC, flags 0 or 1.

CREATE TABLE facts (
  name  TEXT NOT NULL PRIMARY KEY,
  value @blob@ NOT NULL
) @strict@;

CREATE TABLE keyring (
  term       @int@ NOT NULL PRIMARY KEY,
  wrapped    @blob@ NOT NULL,
  created_at @int@ NOT NULL
) @strict@;

-- No foreign key out of the audit trail: it outlives what it tells of.
CREATE TABLE audit (
  seq         @int@ NOT NULL PRIMARY KEY,
  at          @int@ NOT NULL,
  code        TEXT NOT NULL,
  outcome     TEXT NOT NULL,
  actor_kind  TEXT NOT NULL,
  actor_id    TEXT NOT NULL,
  actor_name  TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id   TEXT NOT NULL,
  object_name TEXT NOT NULL,
  source      TEXT NOT NULL,
  details     @blob@ NOT NULL,
  mac         @blob@ NOT NULL
) @strict@;
CREATE INDEX audit_by_actor ON audit (actor_id, seq);
CREATE INDEX audit_by_object ON audit (object_id, seq);
CREATE INDEX audit_by_code ON audit (code, seq);

CREATE TABLE audit_head (
  chain @int@ NOT NULL PRIMARY KEY,
  seq   @int@ NOT NULL,
  mac   @blob@ NOT NULL,
  seal  @blob@ NOT NULL
) @strict@;

CREATE TABLE people (
  id                   TEXT NOT NULL PRIMARY KEY,
  login                TEXT NOT NULL UNIQUE,
  name                 TEXT NOT NULL,
  email                TEXT,
  role                 TEXT NOT NULL,
  password             TEXT NOT NULL,
  disabled             @int@ NOT NULL,
  must_change_password @int@ NOT NULL,
  created_at           @int@ NOT NULL,
  last_sign_in_at      @int@
) @strict@;

-- Wrong passwords, by account (kind 'account', an id or an unknown login's hash) and by network (kind 'source').
CREATE TABLE sign_in_failures (
  kind         TEXT NOT NULL,
  subject      TEXT NOT NULL,
  failures     @int@ NOT NULL,
  last_at      @int@ NOT NULL,
  locked_until @int@ NOT NULL,
  PRIMARY KEY (kind, subject)
) @strict@;

CREATE TABLE sessions (
  hash         @blob@ NOT NULL PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  person       TEXT NOT NULL REFERENCES people (id),
  created_at   @int@ NOT NULL,
  last_used_at @int@ NOT NULL,
  expires_at   @int@ NOT NULL,
  source       TEXT NOT NULL
) @strict@;
CREATE INDEX sessions_by_person ON sessions (person);

CREATE TABLE tokens (
  id           TEXT NOT NULL PRIMARY KEY,
  hash         @blob@ NOT NULL UNIQUE,
  person       TEXT NOT NULL REFERENCES people (id),
  name         TEXT NOT NULL,
  scope        TEXT NOT NULL,
  created_at   @int@ NOT NULL,
  expires_at   @int@,
  last_used_at @int@
) @strict@;
CREATE INDEX tokens_by_person ON tokens (person);

-- The settings as a whole: one row, id 1. The mail password is sealed.
CREATE TABLE settings (
  id            @int@ NOT NULL PRIMARY KEY,
  revision      @int@ NOT NULL,
  body          @blob@ NOT NULL,
  mail_password @blob@,
  changed_at    @int@ NOT NULL
) @strict@;

CREATE TABLE idempotency (
  person      TEXT NOT NULL,
  key_hash    @blob@ NOT NULL,
  fingerprint @blob@ NOT NULL,
  status      @int@ NOT NULL,
  answer      @blob@,
  created_at  @int@ NOT NULL,
  PRIMARY KEY (person, key_hash)
) @strict@;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
