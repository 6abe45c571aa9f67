#include "core/access/access.h"

#include <array>

#include "base/result/ensure.h"

namespace sp::access {
namespace {

// Who may do a thing at all.
enum class Least : std::uint8_t { nobody_signed_in, user, administrator };
// Whether the object must be the actor's own, or a right on it must have been given to the actor.
// An administrator passes the ones that say so.
enum class Whose : std::uint8_t {
  any,
  own,
  own_or_administrator,
  given,
  given_or_administrator,
};

struct Rule {
  std::string_view name;
  Least least;
  Scope scope;  ///< the least that a token needs; Scope::admin where only `admin` will do
  Whose whose;
  bool before_password_change;  ///< allowed while a forced password change is pending
  Rights rights{};              ///< one of these, where they are given
};

constexpr std::array rules{
    Rule{"openapi_read", Least::nobody_signed_in, Scope::messages_read, Whose::any, true},
    Rule{"session_open", Least::nobody_signed_in, Scope::messages_read, Whose::any, true},
    Rule{"session_read", Least::user, Scope::messages_read, Whose::any, true},
    Rule{"session_close", Least::user, Scope::messages_read, Whose::any, true},
    Rule{"password_change", Least::user, Scope::admin, Whose::any, true},
    Rule{"people_read", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"people_write", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"tokens_read", Least::user, Scope::admin, Whose::own_or_administrator, false},
    Rule{"tokens_write", Least::user, Scope::admin, Whose::own_or_administrator, false},
    Rule{"audit_read", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"audit_export", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"audit_verify", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"settings_read", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"settings_write", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"compose_read", Least::user, Scope::messages_write, Whose::any, false},
    Rule{"messages_read", Least::user, Scope::messages_read, Whose::own_or_administrator, false},
    Rule{"messages_write", Least::user, Scope::messages_write, Whose::own_or_administrator, false},
    Rule{"edges_read", Least::user, Scope::messages_write, Whose::any, false},
    Rule{"edges_write", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"certificates_read", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"trust_read", Least::nobody_signed_in, Scope::messages_read, Whose::any, true},
    // Who administers need not be able to connect everywhere, or to read every secret: `use` and
    // `see` are given to administrators as to everybody, and the trail says by whom.
    Rule{"sites_read", Least::user, Scope::sessions_use, Whose::given_or_administrator, false,
         all_rights},
    Rule{"sites_write", Least::user, Scope::admin, Whose::given_or_administrator, false,
         Right::change},
    Rule{"hosts_read", Least::user, Scope::sessions_use, Whose::given_or_administrator, false,
         all_rights},
    Rule{"hosts_write", Least::user, Scope::admin, Whose::given_or_administrator, false,
         Right::change},
    Rule{"hosts_use", Least::user, Scope::sessions_use, Whose::given, false, Right::use},
    Rule{"credentials_read", Least::user, Scope::sessions_use, Whose::given_or_administrator, false,
         all_rights},
    Rule{"credentials_write", Least::user, Scope::admin, Whose::given_or_administrator, false,
         Right::change},
    Rule{"credentials_use", Least::user, Scope::sessions_use, Whose::given, false, Right::use},
    Rule{"credentials_see", Least::user, Scope::admin, Whose::given, false, Right::see},
    Rule{"permissions_read", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"permissions_write", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"host_sessions_connect", Least::user, Scope::sessions_use, Whose::any, false},
    Rule{"host_sessions_read", Least::user, Scope::sessions_use, Whose::own_or_administrator,
         false},
    Rule{"host_sessions_write", Least::user, Scope::sessions_use, Whose::own_or_administrator,
         false},
    Rule{"host_sessions_watch", Least::administrator, Scope::admin, Whose::any, false},
    Rule{"recordings_read", Least::user, Scope::sessions_use, Whose::own_or_administrator, false},
    Rule{"host_keys_read", Least::administrator, Scope::admin, Whose::any, false},
    // Whether they may change the host is asked of the host.
    Rule{"host_keys_write", Least::user, Scope::admin, Whose::any, false},
};
static_assert(rules.size() == static_cast<std::size_t>(last_action) + 1);

const Rule& rule_of(Action action) {
  return rules[static_cast<std::size_t>(action)];
}

constexpr std::array role_names{std::string_view{"user"}, std::string_view{"administrator"}};
constexpr std::array scope_names{std::string_view{"messages:read"},
                                 std::string_view{"messages:write"},
                                 std::string_view{"sessions:use"}, std::string_view{"admin"}};
constexpr std::array right_names{std::pair{Right::use, std::string_view{"use"}},
                                 std::pair{Right::see, std::string_view{"see"}},
                                 std::pair{Right::change, std::string_view{"change"}}};

bool as_administrator(const Actor& actor) {
  return actor.role == Role::administrator && (!actor.scope || *actor.scope == Scope::admin);
}

bool by_right(const Rule& rule) {
  return rule.whose == Whose::given || rule.whose == Whose::given_or_administrator;
}

bool owns(const Actor& actor, const Rule& rule, const Object& object) {
  if (!object.owner.empty() && object.owner == actor.person) return true;
  return rule.whose == Whose::own_or_administrator && as_administrator(actor);
}

Outcome judge_right(const Actor& actor, const Rule& rule, const Object& object) {
  if (object.rights.any_of(rule.rights)) return {};
  const bool administrator = as_administrator(actor);
  if (rule.whose == Whose::given_or_administrator && administrator) return {};
  if (administrator || object.rights.any()) return Error{Code::forbidden, "right"};
  return Error{Code::not_found, "no right was given"};
}

Outcome judge_object(const Actor& actor, const Rule& rule, const Object& object) {
  if (rule.whose == Whose::any || actor.kind == Actor::Kind::system) return {};
  if (by_right(rule)) return judge_right(actor, rule, object);
  if (!owns(actor, rule, object)) return Error{Code::not_found, "belongs to somebody else"};
  return {};
}

}  // namespace

std::string_view name(Role role) {
  return role_names[static_cast<std::size_t>(role)];
}
std::string_view name(Scope scope) {
  return scope_names[static_cast<std::size_t>(scope)];
}
std::string_view name(Action action) {
  return rule_of(action).name;
}

Result<Role> role_named(std::string_view text) {
  if (text == name(Role::user)) return Role::user;
  if (text == name(Role::administrator)) return Role::administrator;
  return Error{Code::invalid_input, "role"};
}

Result<Scope> scope_named(std::string_view text) {
  for (const auto scope :
       {Scope::messages_read, Scope::messages_write, Scope::sessions_use, Scope::admin}) {
    if (text == name(scope)) return scope;
  }
  return Error{Code::invalid_input, "scope"};
}

std::string_view name(Right right) {
  for (const auto& [one, text] : right_names)
    if (one == right) return text;
  return "";
}

Result<Right> right_named(std::string_view text) {
  for (const auto& [one, known] : right_names)
    if (text == known) return one;
  return Error{Code::invalid_input, "right"};
}

Actor system_actor() {
  Actor actor;
  actor.kind = Actor::Kind::system;
  actor.role = Role::administrator;
  return actor;
}

audit::Who who(const Actor& actor) {
  switch (actor.kind) {
    case Actor::Kind::anonymous:
      return {"anonymous", "", ""};
    case Actor::Kind::system:
      return audit::the_system();
    case Actor::Kind::token:
      return {"token", actor.person, actor.login};
    case Actor::Kind::person:
      return {"person", actor.person, actor.login};
  }
  return {};
}

const Permit& Permit::expect(Action action) const {
  ensure(action_ == action);
  return *this;
}

Outcome allowed(const Actor& actor, Action action) {
  const auto& rule = rule_of(action);
  if (actor.kind == Actor::Kind::system || rule.least == Least::nobody_signed_in) return {};
  if (actor.kind == Actor::Kind::anonymous)
    return Error{Code::unauthenticated, "nobody is signed in"};
  if (actor.must_change_password && !rule.before_password_change)
    return Error{Code::forbidden, "password change required"};
  if (rule.least == Least::administrator && actor.role != Role::administrator)
    return Error{Code::forbidden, "role"};
  if (actor.scope && *actor.scope < rule.scope) return Error{Code::forbidden, "scope"};
  return {};
}

Result<Permit> authorise(const Actor& actor, Action action, const Object& object) {
  TRY(allowed(actor, action));
  TRY(judge_object(actor, rule_of(action), object));
  return Permit{actor, action};
}

Result<Reach> Reach::of(const Actor& actor, Action action) {
  TRY(allowed(actor, action));
  ensure(by_right(rule_of(action)));
  const bool all = actor.kind == Actor::Kind::system || as_administrator(actor);
  return Reach{Permit{actor, action}, all};
}

Rights effective(const Actor& actor, Rights given) {
  return as_administrator(actor) ? given | Right::change : given;
}

}  // namespace sp::access
