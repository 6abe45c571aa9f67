-- The certificates that are watched, one row for each place where one is shown. Times are milliseconds since 1970 UTC.
-- owner: '' is the core, else the id of an edge. names: one a line.
CREATE TABLE certificates (
  owner       TEXT NOT NULL,
  place       TEXT NOT NULL,
  fingerprint @blob@ NOT NULL,
  pin         @blob@ NOT NULL,
  names       TEXT NOT NULL,
  issuer      TEXT NOT NULL,
  not_before  @int@ NOT NULL,
  not_after   @int@ NOT NULL,
  renewed_by  TEXT NOT NULL,
  seen_at     @int@ NOT NULL,
  PRIMARY KEY (owner, place)
) @strict@;

-- The least number of days before the end of a certificate that the trail was told of, and that the administrators were mailed
-- about; NULL for none. By certificate, so that two cores that show different ones do not warn in turns.
CREATE TABLE certificate_warnings (
  owner       TEXT NOT NULL,
  place       TEXT NOT NULL,
  fingerprint @blob@ NOT NULL,
  ends_at     @int@ NOT NULL,
  noted       @int@,
  mailed      @int@,
  PRIMARY KEY (owner, place, fingerprint)
) @strict@;
