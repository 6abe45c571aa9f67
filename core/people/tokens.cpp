#include "base/openssl/crypto.h"
#include "core/people/internal/rows.h"

namespace sp::people {
namespace {

using audit::Detail;
using audit::Entry;
using audit::Event;
using store::Transaction;

constexpr std::string_view prefix = "sp_";
constexpr std::size_t secret_size = 32;
constexpr std::string_view token_columns =
    "t.id, t.name, t.scope, t.person, p.login, p.name, t.created_at, t.expires_at, t.last_used_at";
constexpr std::chrono::seconds note_use_every{60};

Result<Token> token_of(const store::Row& row) {
  Token token;
  token.id = row.text(0);
  token.name = row.text(1);
  token.scope = TRY(access::scope_named(row.text(2)).within("stored scope"));
  token.person = row.text(3);
  token.login = row.text(4);
  token.person_name = row.text(5);
  token.created_at = row.time(6);
  token.expires_at = row.maybe_time(7);
  token.last_used_at = row.maybe_time(8);
  return token;
}

Entry entry_for(Event event, const audit::Who& by, const std::string& source, const Token& token) {
  Entry entry{.event = event};
  entry.actor = by;
  entry.object = {"token", token.id, token.name};
  entry.source = source;
  entry.details = {{Detail::scope, std::string{access::name(token.scope)}},
                   {Detail::to, token.login}};
  return entry;
}

}  // namespace

Result<NewToken> People::insert_token(Transaction& tx, const Person& owner, std::string_view name,
                                      access::Scope scope, std::optional<Instant> expires_at) {
  const auto raw = random_->bytes<secret_size>();
  NewToken made;
  made.secret = std::string{prefix} + bytes::base64url(raw);
  made.token = {new_id(),   std::string{name}, scope,      owner.id, owner.login,
                owner.name, clock_->now(),     expires_at, {}};
  TRY(
      tx.run("INSERT INTO tokens (id, hash, person, name, scope, created_at, expires_at) VALUES "
             "($1, $2, $3, $4, $5, "
             "$6, $7)",
             made.token.id, openssl::sha256(bytes::of(made.secret)), owner.id, name,
             access::name(scope), made.token.created_at, expires_at));
  return made;
}

Result<NewToken> People::create_token(const access::Permit& permit, std::string_view name,
                                      access::Scope scope, std::optional<Duration> life) {
  const auto& actor = permit.expect(access::Action::tokens_write).actor();
  const auto expires_at = life ? std::optional{clock_->now() + *life} : std::nullopt;
  return store_->write([&](Transaction& tx) -> Result<NewToken> {
    const auto owner = TRY(find_person(tx, actor.person, clock_->now()));
    if (!owner) return Error{Code::not_found, "person"};
    auto made = TRY(insert_token(tx, *owner, name, scope, expires_at));
    TRY(audit_->append(
        tx, entry_for(Event::token_created, access::who(actor), actor.source, made.token)));
    return made;
  });
}

Result<NewToken> People::create_token_for(std::string_view login, std::string_view name,
                                          access::Scope scope) {
  const auto owner = TRY(with_login(login));
  return store_->write([&](Transaction& tx) -> Result<NewToken> {
    auto made = TRY(insert_token(tx, owner, name, scope, std::nullopt));
    TRY(audit_->append(tx, entry_for(Event::token_created, audit::the_system(), "", made.token)));
    return made;
  });
}

Result<std::vector<Token>> People::tokens(const access::Permit& permit, bool of_all,
                                          std::string_view after_id, int limit) {
  const auto& actor = permit.expect(access::Action::tokens_read).actor();
  const std::string owner = of_all ? "" : actor.person;
  const auto load = [&](Transaction& tx) {
    return tx.query(
        "SELECT " + std::string{token_columns} +
            " FROM tokens t JOIN people p ON p.id = t.person WHERE ($1 = '' OR t.person = $1) AND "
            "t.id "
            "> $2 AND (t.expires_at IS NULL OR t.expires_at > $3) ORDER BY t.id LIMIT $4",
        owner, after_id, clock_->now(), limit);
  };
  const auto rows = TRY(store_->read(load));
  std::vector<Token> tokens;
  for (const auto& row : rows) tokens.push_back(TRY(token_of(row)));
  return tokens;
}

Outcome People::revoke_token(const access::Actor& actor, std::string_view id) {
  return store_->write([&](Transaction& tx) -> Outcome {
    const auto row =
        TRY(tx.one("SELECT " + std::string{token_columns} +
                       " FROM tokens t JOIN people p ON p.id = t.person WHERE t.id = $1",
                   id));
    if (!row) return Error{Code::not_found, "token"};
    const auto token = TRY(token_of(*row));
    const auto permit = TRY(
        access::authorise(actor, access::Action::tokens_write, {"token", token.id, token.person}));
    TRY(tx.run("DELETE FROM tokens WHERE id = $1", id));
    return audit_->append(
        tx, entry_for(Event::token_revoked, access::who(permit.actor()), actor.source, token));
  });
}

Result<std::optional<Caller>> People::by_token(std::string_view secret, std::string_view source) {
  if (!secret.starts_with(prefix) || secret.size() > 100) return std::optional<Caller>{};
  const auto hash = openssl::sha256(bytes::of(secret));
  const auto load = [&](Transaction& tx) {
    return tx.one("SELECT " + std::string{person_columns} +
                      ", t.id, t.scope, t.expires_at, t.last_used_at FROM tokens t JOIN people p "
                      "ON p.id = t.person "
                      "WHERE t.hash = $1",
                  hash);
  };
  const auto row = TRY(store_->read(load));
  if (!row) return std::optional<Caller>{};
  const auto now = clock_->now();
  const auto person = TRY(person_of(*row, now));
  const auto at = person_column_count;
  const auto expires_at = row->maybe_time(at + 2);
  if (person.disabled || (expires_at && *expires_at <= now)) return std::optional<Caller>{};
  if (row->time(at + 3) + note_use_every <= now) {
    const auto note = [&](Transaction& tx) {
      return tx.run("UPDATE tokens SET last_used_at = $2 WHERE hash = $1", hash, now);
    };
    TRY(store_->write(note));
  }
  Caller caller;
  caller.actor.kind = access::Actor::Kind::token;
  caller.actor.person = person.id;
  caller.actor.login = person.login;
  caller.actor.name = person.name;
  caller.actor.role = person.role;
  caller.actor.scope = TRY(access::scope_named(row->text(at + 1)));
  caller.actor.credential = row->text(at);
  caller.actor.source = source;
  return std::optional<Caller>{std::move(caller)};
}

}  // namespace sp::people
