#include <algorithm>

#include "base/openssl/crypto.h"
#include "core/people/internal/rows.h"

namespace sp::people {
namespace {

using audit::Detail;
using audit::Ending;
using audit::Entry;
using audit::Event;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using store::Transaction;

constexpr std::size_t cookie_size = 32;
constexpr minutes forget_failures_after{15};
constexpr seconds note_use_every{60};

// After so many wrong passwords each further one costs a wait that doubles, up to the longest.
struct Patience {
  std::int64_t free_tries;
  seconds first_wait, longest_wait;
};
constexpr Patience for_account{5, seconds{30}, seconds{900}};
constexpr Patience for_source{20, seconds{60}, seconds{900}};

seconds wait_after(const Patience& patience, std::int64_t failures) {
  if (failures < patience.free_tries) return seconds{0};
  const auto doublings = std::min<std::int64_t>(failures - patience.free_tries, 10);
  return std::min(patience.longest_wait, patience.first_wait * (1 << doublings));
}

// Counts this try as a failure until it is known to be none, so that tries at the same moment
// cannot slip past the limit. Gives the time until which no try is taken, if that is still to come.
Result<std::optional<Instant>> claim(Transaction& tx, std::string_view kind,
                                     std::string_view subject, const Patience& patience,
                                     Instant now) {
  const auto row =
      TRY(tx.one("SELECT failures, last_at, locked_until FROM sign_in_failures WHERE kind = $1 AND "
                 "subject = $2",
                 kind, subject));
  std::int64_t failures = 0;
  if (row) {
    if (row->time(2) > now) return std::optional<Instant>{row->time(2)};
    const bool old =
        row->time(1) + forget_failures_after < now && row->time(2) + forget_failures_after < now;
    failures = old ? 0 : row->integer(0);
  }
  ++failures;
  TRY(tx.run(
      "INSERT INTO sign_in_failures (kind, subject, failures, last_at, locked_until) VALUES ($1, "
      "$2, $3, $4, "
      "$5) ON CONFLICT (kind, subject) DO UPDATE SET failures = excluded.failures, last_at = "
      "excluded.last_at, locked_until = excluded.locked_until",
      kind, subject, failures, now, now + wait_after(patience, failures)));
  return std::optional<Instant>{};
}

Outcome give_back(Transaction& tx, std::string_view account, std::string_view source) {
  TRY(tx.run("DELETE FROM sign_in_failures WHERE kind = 'account' AND subject = $1", account));
  TRY(
      tx.run("UPDATE sign_in_failures SET failures = failures - 1, locked_until = 0 WHERE kind = "
             "'source' AND "
             "subject = $1 AND failures > 0",
             source));
  return {};
}

Result<openssl::Digest> hash_of_cookie(std::string_view cookie) {
  const auto raw = TRY(bytes::from_base64url(cookie));
  if (raw.size() != cookie_size) return Error{Code::unauthenticated, "cookie"};
  return openssl::sha256(raw);
}

access::Actor actor_of(const Person& person, std::string_view source) {
  access::Actor actor;
  actor.person = person.id;
  actor.login = person.login;
  actor.name = person.name;
  actor.role = person.role;
  actor.source = source;
  return actor;
}

}  // namespace

struct People::Attempt {
  std::string account;  ///< subject of the count
  std::optional<Instant> locked_until;
};

People::People(store::Store& store, const audit::Audit& audit, const keyring::Keyring& keyring,
               Hasher& hasher, Random& random, const Clock& clock)
    : store_(&store),
      audit_(&audit),
      csrf_key_(keyring.derive("csrf token")),
      hasher_(&hasher),
      random_(&random),
      clock_(&clock) {}

std::string People::csrf_of(BytesView cookie_hash) const {
  return bytes::base64url(openssl::hmac_sha256(csrf_key_.expose(), {cookie_hash}));
}

Result<People::Attempt> People::claim_attempt(const std::string& account, std::string_view source) {
  return store_->write([&](Transaction& tx) -> Result<Attempt> {
    TRY(tx.lock("sallyport sign-in " + account));
    const auto now = clock_->now();
    auto locked = TRY(claim(tx, "source", source, for_source, now));
    if (!locked) locked = TRY(claim(tx, "account", account, for_account, now));
    return Attempt{account, locked};
  });
}

Result<SignIn> People::refuse(const Attempt& attempt, const std::string& login,
                              std::string_view reason, std::string_view source) {
  SignIn answer;
  Entry entry{.event = attempt.locked_until ? Event::session_locked : Event::session_refused};
  entry.ending = Ending::refused;
  // The name of an unknown account is not kept: people type their password there.
  entry.actor = {"anonymous", "", ""};
  if (!login.empty()) entry.object = {"person", attempt.account, login};
  entry.source = source;
  entry.details = {{Detail::reason, std::string{reason}}};
  TRY(audit_->append(*store_, entry));
  if (!attempt.locked_until) return answer;
  answer.step = SignIn::Step::locked;
  answer.retry_after = std::chrono::ceil<seconds>(*attempt.locked_until - clock_->now());
  return answer;
}

Result<SignIn> People::begin_session(Transaction& tx, const std::string& person,
                                     std::string_view source) {
  const auto raw = random_->bytes<cookie_size>();
  const auto hash = openssl::sha256(raw);
  const auto now = clock_->now();
  TRY(
      tx.run("INSERT INTO sessions (hash, id, person, created_at, last_used_at, expires_at, "
             "source) VALUES ($1, $2, "
             "$3, $4, $4, $5, $6)",
             hash, new_id(), person, now, now + absolute_limit, source));
  auto found = TRY(find_person(tx, person, now));
  SignIn answer;
  answer.step = SignIn::Step::done;
  answer.person = std::move(*found);
  answer.cookie = bytes::base64url(raw);
  answer.csrf_token = csrf_of(hash);
  return answer;
}

Result<SignIn> People::sign_in(std::string_view login, const Secret& password,
                               std::string_view source) {
  struct Known {
    std::string id, phc;
    bool disabled = false;
  };
  const auto canonical = canonical_login(login);
  const auto load = [&](Transaction& tx) -> Result<std::optional<Known>> {
    if (!canonical) return std::optional<Known>{};
    const auto row =
        TRY(tx.one("SELECT id, password, disabled FROM people WHERE login = $1", *canonical));
    if (!row) return std::optional<Known>{};
    return std::optional<Known>{Known{row->text(0), row->text(1), row->flag(2)}};
  };
  const auto known = TRY(store_->read(load));
  const auto account =
      known ? known->id : "?" + bytes::hex(openssl::sha256(bytes::of(canonical.value_or("?"))));
  const auto name = known ? *canonical : std::string{};

  const auto attempt = TRY(claim_attempt(account, source));
  if (attempt.locked_until) return refuse(attempt, name, "locked", source);
  const bool right = TRY(hasher_->verify(password, known ? known->phc : ""));
  if (!right) return refuse(attempt, name, known ? "password" : "unknown", source);
  if (known->disabled) return refuse(attempt, name, "disabled", source);
  auto phc = known->phc;
  if (hasher_->outdated(phc)) phc = TRY(hasher_->hash(password));

  const auto work = [&](Transaction& tx) -> Result<SignIn> {
    const auto still = TRY(
        tx.run("UPDATE people SET last_sign_in_at = $3, password = $4 WHERE id = $1 AND password "
               "= $2 AND disabled = 0",
               known->id, known->phc, clock_->now(), phc));
    if (still == 0) return Error{Code::conflict, "the account changed meanwhile"};
    TRY(give_back(tx, account, source));
    auto answer = TRY(begin_session(tx, known->id, source));
    Entry entry{.event = Event::session_opened};
    entry.actor = {"person", known->id, name};
    entry.object = {"person", known->id, name};
    entry.source = source;
    TRY(audit_->append(tx, entry));
    return answer;
  };
  return store_->write(work);
}

Result<std::optional<Caller>> People::by_cookie(std::string_view cookie, std::string_view source) {
  const auto hash = hash_of_cookie(cookie);
  if (!hash) return std::optional<Caller>{};
  const auto load = [&](Transaction& tx) {
    return tx.one("SELECT " + std::string{person_columns} +
                      ", s.id, s.created_at, s.last_used_at, s.expires_at FROM sessions s JOIN "
                      "people p ON p.id = "
                      "s.person WHERE s.hash = $1",
                  *hash);
  };
  const auto row = TRY(store_->read(load));
  if (!row) return std::optional<Caller>{};
  const auto now = clock_->now();
  const auto person = TRY(person_of(*row, now));
  const auto at = person_column_count;
  Session session{row->text(at),     person.id,         csrf_of(*hash),
                  row->time(at + 1), row->time(at + 2), row->time(at + 3)};
  if (person.disabled || session.expires_at <= now || session.last_used_at + idle_limit <= now)
    return std::optional<Caller>{};
  if (session.last_used_at + note_use_every <= now) {
    const auto note = [&](Transaction& tx) {
      return tx.run("UPDATE sessions SET last_used_at = $2 WHERE hash = $1", *hash, now);
    };
    TRY(store_->write(note));
  }
  auto actor = actor_of(person, source);
  actor.kind = access::Actor::Kind::person;
  actor.credential = session.id;
  actor.must_change_password = person.must_change_password;
  return std::optional<Caller>{Caller{std::move(actor), std::move(session)}};
}

Outcome People::sign_out(const access::Permit& permit) {
  const auto& actor = permit.expect(access::Action::session_close).actor();
  return store_->write([&](Transaction& tx) -> Outcome {
    const auto ended = TRY(tx.run("DELETE FROM sessions WHERE id = $1", actor.credential));
    if (ended == 0) return {};
    Entry entry{.event = Event::session_closed};
    entry.actor = access::who(actor);
    entry.object = {"person", actor.person, actor.login};
    entry.source = actor.source;
    return audit_->append(tx, entry);
  });
}

Result<SignIn> People::change_password(const access::Permit& permit, const Secret& old_password,
                                       const Secret& new_password) {
  const auto& actor = permit.expect(access::Action::password_change).actor();
  const auto load = [&](Transaction& tx) {
    return tx.one("SELECT password FROM people WHERE id = $1", actor.person);
  };
  const auto row = TRY(store_->read(load));
  if (!row) return Error{Code::not_found, "person"};
  const auto attempt = TRY(claim_attempt(actor.person, actor.source));
  if (attempt.locked_until) return refuse(attempt, actor.login, "locked", actor.source);
  if (!TRY(hasher_->verify(old_password, row->text(0))))
    return refuse(attempt, actor.login, "password", actor.source);
  if (old_password == new_password) return Error{Code::invalid_input, "new password: the old one"};
  TRY(check_new_password(new_password, actor.login));
  const auto phc = TRY(hasher_->hash(new_password));

  const auto work = [&](Transaction& tx) -> Result<SignIn> {
    const auto changed =
        TRY(tx.run("UPDATE people SET password = $3, must_change_password = 0 WHERE id = $1 AND "
                   "password = $2",
                   actor.person, row->text(0), phc));
    if (changed == 0) return Error{Code::conflict, "the password changed meanwhile"};
    TRY(tx.run("DELETE FROM sessions WHERE person = $1", actor.person));
    TRY(give_back(tx, actor.person, actor.source));
    auto answer = TRY(begin_session(tx, actor.person, actor.source));
    Entry entry{.event = Event::password_changed};
    entry.actor = access::who(actor);
    entry.object = {"person", actor.person, actor.login};
    entry.source = actor.source;
    TRY(audit_->append(tx, entry));
    return answer;
  };
  return store_->write(work);
}

Outcome People::sweep() {
  const auto now = clock_->now();
  return store_->write([&](Transaction& tx) -> Outcome {
    TRY(tx.run("DELETE FROM sessions WHERE expires_at <= $1 OR last_used_at <= $2", now,
               now - idle_limit));
    TRY(tx.run("DELETE FROM tokens WHERE expires_at <= $1", now));
    TRY(tx.run("DELETE FROM sign_in_failures WHERE last_at <= $1 AND locked_until <= $1",
               now - forget_failures_after));
    TRY(tx.run("DELETE FROM idempotency WHERE created_at <= $1", now - std::chrono::hours{24}));
    return {};
  });
}

}  // namespace sp::people
