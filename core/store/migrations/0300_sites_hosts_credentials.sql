-- Sites, their hosts, credentials; one table of permissions and one of secrets for all that have them.
-- Times are milliseconds since 1970 UTC, flags 0 or 1, lists one a line. name_key: the name as search and order compare it.

CREATE TABLE sites (
  id               TEXT NOT NULL PRIMARY KEY,
  name             TEXT NOT NULL,
  name_key         TEXT NOT NULL UNIQUE,
  notes            TEXT NOT NULL,
  networks         TEXT NOT NULL,
  maintenance_days @int@,
  maintenance_from @int@,
  maintenance_to   @int@,
  recording_days   @int@,
  idle_minutes     @int@ NOT NULL,
  total_minutes    @int@ NOT NULL,
  record           @int@ NOT NULL,
  record_input     @int@ NOT NULL,
  disk_full        TEXT NOT NULL,
  reason_required  @int@ NOT NULL,
  session_rights   @int@ NOT NULL,
  search           TEXT NOT NULL,
  revision         @int@ NOT NULL,
  created_at       @int@ NOT NULL,
  changed_at       @int@ NOT NULL
) @strict@;

-- A gateway belongs to one site.
CREATE TABLE site_gateways (
  edge     TEXT NOT NULL PRIMARY KEY REFERENCES edges (id),
  site     TEXT NOT NULL REFERENCES sites (id),
  position @int@ NOT NULL
) @strict@;
CREATE INDEX site_gateways_by_site ON site_gateways (site);

CREATE TABLE hosts (
  id               TEXT NOT NULL PRIMARY KEY,
  site             TEXT NOT NULL REFERENCES sites (id),
  name             TEXT NOT NULL,
  name_key         TEXT NOT NULL,
  address          TEXT NOT NULL,
  port             @int@ NOT NULL,
  protocol         TEXT NOT NULL,
  type             TEXT NOT NULL,
  operating_system TEXT NOT NULL,
  folder           TEXT NOT NULL,
  tags             TEXT NOT NULL,
  notes            TEXT NOT NULL,
  host_keys        TEXT NOT NULL,
  host_cas         TEXT NOT NULL,
  first_use        @int@ NOT NULL,
  search           TEXT NOT NULL,
  revision         @int@ NOT NULL,
  created_at       @int@ NOT NULL,
  changed_at       @int@ NOT NULL,
  UNIQUE (site, name_key)
) @strict@;
CREATE INDEX hosts_by_name ON hosts (name_key, id);

CREATE TABLE credentials (
  id             TEXT NOT NULL PRIMARY KEY,
  site           TEXT REFERENCES sites (id),
  name           TEXT NOT NULL,
  name_key       TEXT NOT NULL UNIQUE,
  login          TEXT NOT NULL,
  kind           TEXT NOT NULL,
  certificate    TEXT NOT NULL,
  has_passphrase @int@ NOT NULL,
  hosts          TEXT NOT NULL,
  hosts_except   TEXT NOT NULL,
  notes          TEXT NOT NULL,
  search         TEXT NOT NULL,
  revision       @int@ NOT NULL,
  created_at     @int@ NOT NULL,
  changed_at     @int@ NOT NULL
) @strict@;
CREATE INDEX credentials_by_site ON credentials (site);

-- Every secret of the core's own things, sealed by the keyring to its owner and field.
CREATE TABLE secrets (
  owner_kind TEXT NOT NULL,
  owner      TEXT NOT NULL,
  field      TEXT NOT NULL,
  sealed     @blob@ NOT NULL,
  changed_at @int@ NOT NULL,
  PRIMARY KEY (owner_kind, owner, field)
) @strict@;

CREATE TABLE permissions (
  object_kind TEXT NOT NULL,
  object      TEXT NOT NULL,
  person      TEXT NOT NULL REFERENCES people (id),
  may_use     @int@ NOT NULL,
  may_see     @int@ NOT NULL,
  may_change  @int@ NOT NULL,
  until       @int@,
  given_by    TEXT NOT NULL,
  given_at    @int@ NOT NULL,
  PRIMARY KEY (object_kind, object, person)
) @strict@;
CREATE INDEX permissions_by_person ON permissions (person);
