-- Certificates that the core orders from a public CA for its edges. Times are milliseconds since 1970 UTC, flags 0 or 1.

-- What is wanted, and how. names, seen_by: one a line. ca_roots: PEM of whom the CA's server is trusted by; '' is the system's.
CREATE TABLE certificate_orders (
  id           TEXT NOT NULL PRIMARY KEY,
  created_at   @int@ NOT NULL,
  names        TEXT NOT NULL,
  directory    TEXT NOT NULL,
  ca_roots     TEXT NOT NULL,
  contact      TEXT NOT NULL,
  profile      TEXT NOT NULL,
  external_id  TEXT NOT NULL,
  external_key @blob@,
  challenge    TEXT NOT NULL,
  name_server  TEXT NOT NULL,
  zone         TEXT NOT NULL,
  seen_by      TEXT NOT NULL,
  dns_key      @blob@,
  hook         TEXT NOT NULL
) @strict@;

-- One certificate of an order: each edge has a key, and so a certificate, of its own. wire: its number on the wire; seq: of the
-- item that was sent last; look_at: when the worker is to see to it, NULL while it waits for the edge; chain: what the CA
-- issued last; told: the administrators know that it fails.
CREATE TABLE certificate_leaves (
  order_id     TEXT NOT NULL,
  edge         TEXT NOT NULL,
  state        TEXT NOT NULL,
  since        @int@ NOT NULL,
  look_at      @int@,
  wire         @blob@ NOT NULL,
  seq          @int@ NOT NULL,
  csr          @blob@,
  pending      TEXT NOT NULL,
  chain        TEXT NOT NULL,
  plan         TEXT NOT NULL,
  problem      TEXT NOT NULL,
  failures     @int@ NOT NULL,
  told         @int@ NOT NULL,
  installed_at @int@,
  PRIMARY KEY (order_id, edge)
) @strict@;
CREATE INDEX certificate_leaves_due ON certificate_leaves (look_at) WHERE look_at IS NOT NULL;

-- Answers of challenges on their way to an edge, or there. state: sent, standing, refused.
CREATE TABLE certificate_tokens (
  edge     TEXT NOT NULL,
  token    TEXT NOT NULL,
  order_id TEXT NOT NULL,
  seq      @int@ NOT NULL,
  state    TEXT NOT NULL,
  PRIMARY KEY (edge, token)
) @strict@;

-- The accounts with CAs; url is '' until the CA has told it.
CREATE TABLE certificate_accounts (
  directory   TEXT NOT NULL,
  external_id TEXT NOT NULL,
  key         @blob@ NOT NULL,
  url         TEXT NOT NULL,
  PRIMARY KEY (directory, external_id)
) @strict@;
