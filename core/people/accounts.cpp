#include <algorithm>

#include "base/bytes/bytes.h"
#include "core/people/internal/rows.h"

namespace sp::people {
namespace {

using audit::Detail;
using audit::Entry;
using audit::Event;
using store::Transaction;

// No vowels and no look-alikes: 28 signs, 20 of them make 96 bits.
constexpr std::string_view signs = "23456789bcdfghjkmnpqrstvwxyz";
constexpr int groups = 4, group_size = 5;

Entry entry_for(Event event, const audit::Who& by, const std::string& source,
                const Person& person) {
  Entry entry{.event = event};
  entry.actor = by;
  entry.object = {"person", person.id, person.login};
  entry.source = source;
  return entry;
}

// Escapes the signs that LIKE knows.
std::string like_part(std::string_view part) {
  std::string out = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

Outcome end_all_access(Transaction& tx, std::string_view person) {
  TRY(tx.run("DELETE FROM sessions WHERE person = $1", person));
  TRY(tx.run("DELETE FROM tokens WHERE person = $1", person));
  return {};
}

// At least one administrator must be able to sign in afterwards.
Outcome keep_an_administrator(Transaction& tx) {
  const auto left =
      TRY(tx.one("SELECT count(*) FROM people WHERE role = 'administrator' AND disabled = 0"));
  if (left->integer(0) == 0) return Error{Code::conflict, "the last administrator"};
  return {};
}

std::string changed_fields(const PersonChange& change) {
  std::string names;
  const auto add = [&](bool there, std::string_view name) {
    if (there) names += (names.empty() ? "" : ",") + std::string{name};
  };
  add(change.name.has_value(), "name");
  add(change.email.has_value(), "email");
  add(change.role.has_value(), "role");
  add(change.disabled.has_value(), "disabled");
  return names;
}

Person changed(Person person, const PersonChange& change) {
  person.name = change.name.value_or(person.name);
  person.email = change.email.value_or(person.email);
  person.role = change.role.value_or(person.role);
  person.disabled = change.disabled.value_or(person.disabled);
  return person;
}

Event event_of(const Person& before, const Person& after) {
  if (before.disabled == after.disabled) return Event::person_changed;
  return after.disabled ? Event::person_disabled : Event::person_enabled;
}

}  // namespace

Result<std::string> canonical_login(std::string_view login) {
  const auto first = login.find_first_not_of(" \t");
  if (first == std::string_view::npos) return Error{Code::invalid_input, "login: empty"};
  const auto out = lower(login.substr(first, login.find_last_not_of(" \t") - first + 1));
  const auto alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto fits = [&](char c) {
    return alnum(c) || c == '.' || c == '_' || c == '-' || c == '@';
  };
  if (out.size() < 2 || out.size() > 64 || !alnum(out[0]) ||
      !std::all_of(out.begin(), out.end(), fits))
    return Error{Code::invalid_input, "login: not of the form"};
  return out;
}

Result<Person> person_of(const store::Row& row, Instant now, std::size_t at) {
  Person person;
  person.id = row.text(at);
  person.login = row.text(at + 1);
  person.name = row.text(at + 2);
  person.email = row.maybe_text(at + 3);
  person.role = TRY(access::role_named(row.text(at + 4)).within("stored role"));
  person.disabled = row.flag(at + 5);
  person.must_change_password = row.flag(at + 6);
  person.created_at = row.time(at + 7);
  person.last_sign_in_at = row.maybe_time(at + 8);
  const auto locked = row.maybe_time(at + 9);
  if (locked && *locked > now) person.locked_until = locked;
  return person;
}

Result<std::optional<Person>> find_person(Transaction& tx, std::string_view id, Instant now) {
  const auto row =
      TRY(tx.one("SELECT " + std::string{person_columns} + " FROM people p WHERE p.id = $1", id));
  if (!row) return std::optional<Person>{};
  return std::optional<Person>{TRY(person_of(*row, now))};
}

Outcome check_new_password(const Secret& password, std::string_view login) {
  const auto text = bytes::text(password.expose());
  if (text.size() < least_password_size)
    return Error{Code::invalid_input, "new password: too short"};
  if (lower(text) == login) return Error{Code::invalid_input, "new password: the login"};
  return {};
}

Secret People::one_time_password() {
  Secret out{static_cast<std::size_t>(groups * (group_size + 1) - 1)};
  const auto to = out.expose_mutable();
  for (std::size_t i = 0; i < to.size(); ++i) {
    const bool dash = i % (group_size + 1) == group_size;
    to[i] = static_cast<std::byte>(dash ? '-' : signs[random_->below(signs.size())]);
  }
  return out;
}

// 48 bits of time, 80 of chance: ids sort by age.
std::string People::new_id() {
  bytes::Writer out;
  const auto millis = static_cast<std::uint64_t>(to_millis(clock_->now()));
  out.u16(static_cast<std::uint16_t>(millis >> 32)).u32(static_cast<std::uint32_t>(millis));
  out.raw(random_->bytes<10>());
  return bytes::hex(out.view());
}

Result<std::vector<Person>> People::list(const access::Permit& permit, std::string_view part,
                                         std::string_view after_login, int limit) {
  permit.expect(access::Action::people_read);
  const auto pattern = like_part(lower(part));
  const auto load = [&](Transaction& tx) {
    return tx.query("SELECT " + std::string{person_columns} +
                        " FROM people p WHERE p.login > $1 AND (p.login LIKE $2 ESCAPE '\\' OR "
                        "lower(p.name) LIKE "
                        "$2 ESCAPE '\\') ORDER BY p.login LIMIT $3",
                    after_login, pattern, limit);
  };
  const auto rows = TRY(store_->read(load));
  std::vector<Person> people;
  for (const auto& row : rows) people.push_back(TRY(person_of(row, clock_->now())));
  return people;
}

Result<Person> People::find(const access::Permit& permit, std::string_view id) {
  permit.expect(access::Action::people_read);
  auto person =
      TRY(store_->read([&](Transaction& tx) { return find_person(tx, id, clock_->now()); }));
  if (!person) return Error{Code::not_found, "person"};
  return std::move(*person);
}

Result<Person> People::of(const access::Actor& actor) {
  auto person = TRY(
      store_->read([&](Transaction& tx) { return find_person(tx, actor.person, clock_->now()); }));
  if (!person) return Error{Code::not_found, "person"};
  return std::move(*person);
}

Result<Person> People::with_login(std::string_view login) {
  const auto canonical = TRY(canonical_login(login));
  const auto load = [&](Transaction& tx) {
    return tx.one("SELECT " + std::string{person_columns} + " FROM people p WHERE p.login = $1",
                  canonical);
  };
  const auto row = TRY(store_->read(load));
  if (!row) return Error{Code::not_found, "there is no account " + canonical};
  return person_of(*row, clock_->now());
}

Result<WithOneTimePassword> People::insert_person(const NewPerson& wanted, const audit::Who& by,
                                                  const std::string& source, bool first) {
  const auto login = TRY(canonical_login(wanted.login));
  WithOneTimePassword made;
  made.one_time_password = one_time_password();
  const auto phc = TRY(hasher_->hash(made.one_time_password));
  made.person = {new_id(),
                 login,
                 wanted.name.empty() ? login : wanted.name,
                 wanted.email,
                 wanted.role,
                 false,
                 true,
                 clock_->now(),
                 {},
                 {}};
  const auto& person = made.person;
  const auto work = [&](Transaction& tx) -> Outcome {
    if (first) {
      TRY(tx.lock("sallyport people"));
      if (TRY(tx.one("SELECT 1 FROM people LIMIT 1")))
        return Error{Code::conflict, "there are accounts already"};
    }
    const auto added =
        TRY(tx.run("INSERT INTO people (id, login, name, email, role, password, disabled, "
                   "must_change_password, created_at) "
                   "VALUES ($1, $2, $3, $4, $5, $6, 0, 1, $7) ON CONFLICT DO NOTHING",
                   person.id, person.login, person.name, person.email, access::name(person.role),
                   phc, person.created_at));
    if (added == 0) return Error{Code::conflict, "the login is taken"};
    auto entry = entry_for(Event::person_created, by, source, person);
    entry.details = {{Detail::role, std::string{access::name(person.role)}}};
    return audit_->append(tx, entry);
  };
  TRY(store_->write(work));
  return made;
}

Result<WithOneTimePassword> People::create(const access::Permit& permit, const NewPerson& person) {
  permit.expect(access::Action::people_write);
  return insert_person(person, access::who(permit.actor()), permit.actor().source, false);
}

Result<WithOneTimePassword> People::create_first(const NewPerson& person) {
  return insert_person(person, audit::the_system(), "", true);
}

Result<Person> People::change(const access::Permit& permit, std::string_view id,
                              const PersonChange& change) {
  permit.expect(access::Action::people_write);
  return store_->write([&](Transaction& tx) -> Result<Person> {
    TRY(tx.lock("sallyport people"));
    const auto before = TRY(find_person(tx, id, clock_->now()));
    if (!before) return Error{Code::not_found, "person"};
    const auto after = changed(*before, change);
    TRY(tx.run("UPDATE people SET name = $2, email = $3, role = $4, disabled = $5 WHERE id = $1",
               id, after.name, after.email, access::name(after.role), after.disabled));
    TRY(keep_an_administrator(tx));
    if (after.disabled) TRY(end_all_access(tx, id));
    auto entry = entry_for(event_of(*before, after), access::who(permit.actor()),
                           permit.actor().source, after);
    entry.details = {{Detail::fields, changed_fields(change)},
                     {Detail::role, std::string{access::name(after.role)}}};
    TRY(audit_->append(tx, entry));
    return after;
  });
}

Result<WithOneTimePassword> People::reset_password(const access::Permit& permit,
                                                   std::string_view id) {
  permit.expect(access::Action::people_write);
  WithOneTimePassword made;
  made.one_time_password = one_time_password();
  const auto phc = TRY(hasher_->hash(made.one_time_password));
  const auto work = [&](Transaction& tx) -> Outcome {
    const auto changed_rows = TRY(
        tx.run("UPDATE people SET password = $2, must_change_password = 1 WHERE id = $1", id, phc));
    if (changed_rows == 0) return Error{Code::not_found, "person"};
    TRY(end_all_access(tx, id));
    TRY(tx.run("DELETE FROM sign_in_failures WHERE kind = 'account' AND subject = $1", id));
    made.person = *TRY(find_person(tx, id, clock_->now()));
    return audit_->append(tx, entry_for(Event::person_password_reset, access::who(permit.actor()),
                                        permit.actor().source, made.person));
  };
  TRY(store_->write(work));
  return made;
}

}  // namespace sp::people
