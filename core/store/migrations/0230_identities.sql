-- The authorities that sign edges' identities on the link, and each edge's identity. Times are milliseconds since 1970 UTC.

-- The highest number signs; the others are trusted until no edge shows an identity of theirs.
CREATE TABLE link_authorities (
  number      @int@ NOT NULL PRIMARY KEY,
  certificate TEXT NOT NULL,
  key         @blob@ NOT NULL,
  created_at  @int@ NOT NULL
) @strict@;

-- order_id: what was asked for last; signed_*: what was made of it; shown_*: what the edge said that it shows.
CREATE TABLE link_identities (
  edge               TEXT NOT NULL PRIMARY KEY,
  order_id           @blob@ NOT NULL,
  asked_at           @int@ NOT NULL,
  signed_authority   @int@,
  signed_pin         @blob@,
  signed_fingerprint @blob@,
  signed_from        @int@,
  signed_until       @int@,
  shown_authority    @int@,
  shown_fingerprint  @blob@,
  shown_from         @int@,
  shown_until        @int@
) @strict@;
