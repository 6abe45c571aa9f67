-- Sessions with hosts through gateways, what happened in them, and their recordings. Times are milliseconds since 1970 UTC, flags 0 or 1.
-- Names of people, sites, hosts and credentials are copied: a session stays readable when they are gone.

CREATE TABLE host_sessions (
  id              TEXT NOT NULL PRIMARY KEY,
  ticket          @blob@ NOT NULL UNIQUE,
  owner           TEXT NOT NULL,
  owner_login     TEXT NOT NULL,
  owner_name      TEXT NOT NULL,
  edge            TEXT NOT NULL,
  edge_name       TEXT NOT NULL,
  site            TEXT NOT NULL,
  site_name       TEXT NOT NULL,
  host            TEXT NOT NULL,
  host_name       TEXT NOT NULL,
  address         TEXT NOT NULL,
  port            @int@ NOT NULL,
  protocol        TEXT NOT NULL,
  credential      TEXT NOT NULL,
  credential_name TEXT NOT NULL,
  login           TEXT NOT NULL,
  reason          TEXT NOT NULL,
  rights          @int@ NOT NULL,
  record          @int@ NOT NULL,
  record_input    @int@ NOT NULL,
  total_ms        @int@ NOT NULL,
  put_seq         @int@ NOT NULL,
  state           TEXT NOT NULL,
  end_reason      TEXT,
  ended_by        TEXT,
  created_at      @int@ NOT NULL,
  expires_at      @int@ NOT NULL,
  redeemed_at     @int@,
  started_at      @int@,
  ended_at        @int@,
  source          TEXT,
  dialled         TEXT,
  host_key        TEXT,
  bytes_in        @int@ NOT NULL,
  bytes_out       @int@ NOT NULL,
  exit_status     @int@,
  search          TEXT NOT NULL
) @strict@;
CREATE INDEX host_sessions_by_time ON host_sessions (created_at, id);
CREATE INDEX host_sessions_by_owner ON host_sessions (owner, created_at, id);
CREATE INDEX host_sessions_by_host ON host_sessions (host, created_at, id);
CREATE INDEX host_sessions_not_over ON host_sessions (edge, state) WHERE ended_at IS NULL;
CREATE INDEX host_sessions_by_put ON host_sessions (edge, put_seq);

CREATE TABLE host_session_events (
  session TEXT NOT NULL,
  number  @int@ NOT NULL,
  at      @int@ NOT NULL,
  code    TEXT NOT NULL,
  detail  TEXT NOT NULL,
  PRIMARY KEY (session, number)
) @strict@;

CREATE TABLE host_session_files (
  session TEXT NOT NULL,
  number  @int@ NOT NULL,
  at      @int@ NOT NULL,
  action  TEXT NOT NULL,
  path    TEXT NOT NULL,
  size    @int@ NOT NULL,
  hash    @blob@,
  outcome TEXT NOT NULL,
  PRIMARY KEY (session, number)
) @strict@;

CREATE TABLE host_session_comments (
  session TEXT NOT NULL,
  number  @int@ NOT NULL,
  at      @int@ NOT NULL,
  person  TEXT NOT NULL,
  login   TEXT NOT NULL,
  text    TEXT NOT NULL,
  PRIMARY KEY (session, number)
) @strict@;

-- Host keys that a gateway reported and that somebody has to look at.
CREATE TABLE host_key_sightings (
  id         TEXT NOT NULL PRIMARY KEY,
  host       TEXT NOT NULL,
  session    TEXT NOT NULL,
  host_key   TEXT NOT NULL,
  verdict    TEXT NOT NULL,
  seen_at    @int@ NOT NULL,
  state      TEXT NOT NULL,
  decided_by TEXT,
  decided_at @int@
) @strict@;
CREATE INDEX host_key_sightings_by_host ON host_key_sightings (host, state);

-- told: what the gateway's events say is durable there. private_key, sealed, is gone once the recording is here, or never comes.
-- keep_days NULL: for ever.
CREATE TABLE recordings (
  session     TEXT NOT NULL PRIMARY KEY,
  edge        TEXT NOT NULL,
  state       TEXT NOT NULL,
  private_key @blob@,
  told_chunks @int@ NOT NULL,
  told_bytes  @int@ NOT NULL,
  told_hash   @blob@,
  over        @int@ NOT NULL,
  text_size   @int@ NOT NULL,
  pieces      @int@ NOT NULL,
  tries       @int@ NOT NULL,
  next_try_at @int@ NOT NULL,
  stored_at   @int@,
  keep_days   @int@,
  erase_at    @int@
) @strict@;
CREATE INDEX recordings_to_collect ON recordings (next_try_at) WHERE over = 1 AND stored_at IS NULL;
CREATE INDEX recordings_to_erase ON recordings (erase_at) WHERE erase_at IS NOT NULL;

CREATE TABLE recording_pieces (
  session TEXT NOT NULL,
  number  @int@ NOT NULL,
  data    @blob@ NOT NULL,
  PRIMARY KEY (session, number)
) @strict@;
