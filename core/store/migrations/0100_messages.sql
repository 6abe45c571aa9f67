-- Edges, what waits for them, messages, uploads, mails. Times are milliseconds since 1970 UTC, flags 0 or 1.

CREATE TABLE edges (
  id         TEXT NOT NULL PRIMARY KEY,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  public_url TEXT NOT NULL,
  intake_url TEXT NOT NULL,
  state      TEXT NOT NULL,
  created_at @int@ NOT NULL,
  keys       @blob@ NOT NULL,
  core_epoch @blob@ NOT NULL,
  edge_epoch @blob@,
  applied    @int@ NOT NULL,
  sent       @int@ NOT NULL,
  queued     @int@ NOT NULL,
  last_event @int@ NOT NULL
) @strict@;
-- A removed edge keeps its row for the messages that name it; its name is free again.
CREATE UNIQUE INDEX edges_by_name ON edges (name) WHERE state <> 'removed';

-- Bodies are put down first and named by the outbox afterwards; keep_until is NULL once one is.
CREATE TABLE item_bodies (
  id         TEXT NOT NULL PRIMARY KEY,
  keep_until @int@,
  body       @blob@ NOT NULL
) @strict@;
CREATE INDEX item_bodies_unsent ON item_bodies (keep_until) WHERE keep_until IS NOT NULL;

CREATE TABLE outbox (
  edge    TEXT NOT NULL,
  seq     @int@ NOT NULL,
  kind    TEXT NOT NULL,
  item_id @blob@ NOT NULL,
  body    TEXT NOT NULL,
  PRIMARY KEY (edge, seq)
) @strict@;

CREATE TABLE messages (
  id              TEXT NOT NULL PRIMARY KEY,
  hash            @blob@ NOT NULL UNIQUE,
  owner           TEXT NOT NULL,
  sender_login    TEXT NOT NULL,
  sender_name     TEXT NOT NULL,
  sender_email    TEXT,
  edge            TEXT NOT NULL,
  first_seq       @int@ NOT NULL,
  put_seq         @int@ NOT NULL,
  state           TEXT NOT NULL,
  reason          TEXT,
  subject         TEXT,
  recipient       TEXT,
  recipient_name  TEXT,
  search          TEXT NOT NULL,
  language        TEXT NOT NULL,
  created_at      @int@ NOT NULL,
  expires_at      @int@ NOT NULL,
  live_at         @int@,
  first_viewed_at @int@,
  ended_at        @int@,
  views           @int@ NOT NULL,
  views_left      @int@ NOT NULL,
  has_passphrase  @int@ NOT NULL,
  attempts_left   @int@,
  notify          @int@ NOT NULL,
  files           @int@ NOT NULL,
  size            @int@ NOT NULL,
  mail            TEXT NOT NULL
) @strict@;
CREATE INDEX messages_by_time ON messages (created_at, id);
CREATE INDEX messages_by_owner ON messages (owner, created_at, id);
CREATE INDEX messages_by_put ON messages (edge, put_seq);
CREATE INDEX messages_running ON messages (expires_at) WHERE state IN ('queued', 'live', 'viewed');
CREATE INDEX messages_at_edge ON messages (edge) WHERE state IN ('live', 'viewed');

CREATE TABLE message_events (
  message     TEXT NOT NULL,
  number      @int@ NOT NULL,
  at          @int@ NOT NULL,
  code        TEXT NOT NULL,
  view_number @int@,
  left_over   @int@,
  reason      TEXT,
  source      TEXT,
  PRIMARY KEY (message, number)
) @strict@;

CREATE TABLE uploads (
  id         TEXT NOT NULL PRIMARY KEY,
  owner      TEXT NOT NULL,
  name       TEXT NOT NULL,
  type       TEXT NOT NULL,
  size       @int@ NOT NULL,
  complete   @int@ NOT NULL,
  expires_at @int@ NOT NULL
) @strict@;
CREATE INDEX uploads_by_owner ON uploads (owner);
CREATE INDEX uploads_by_end ON uploads (expires_at);

CREATE TABLE upload_parts (
  upload TEXT NOT NULL,
  number @int@ NOT NULL,
  data   @blob@ NOT NULL,
  PRIMARY KEY (upload, number)
) @strict@;

-- body is NULL once the mail is out or given up: the link stood in it.
CREATE TABLE mails (
  id         TEXT NOT NULL PRIMARY KEY,
  occasion   TEXT NOT NULL,
  message    TEXT NOT NULL,
  sender     TEXT NOT NULL,
  recipient  TEXT NOT NULL,
  body       @blob@,
  state      TEXT NOT NULL,
  tries      @int@ NOT NULL,
  next_at    @int@ NOT NULL,
  give_up_at @int@ NOT NULL,
  created_at @int@ NOT NULL,
  settled_at @int@
) @strict@;
CREATE INDEX mails_due ON mails (next_at) WHERE state = 'queued';
CREATE INDEX mails_by_message ON mails (message);
