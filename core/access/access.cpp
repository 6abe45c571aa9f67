#include "core/access/access.h"

#include <array>

#include "base/result/ensure.h"

namespace sp::access {
namespace {

// Who may do a thing at all.
enum class Least : std::uint8_t { nobody_signed_in, user, administrator };
// Whether the object must be the actor's own. An administrator passes `own_or_administrator`.
enum class Whose : std::uint8_t { any, own, own_or_administrator };

struct Rule {
  std::string_view name;
  Least least;
  Scope scope;  ///< the least that a token needs; Scope::admin where only `admin` will do
  Whose whose;
  bool before_password_change;  ///< allowed while a forced password change is pending
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
};
static_assert(rules.size() == static_cast<std::size_t>(last_action) + 1);

const Rule& rule_of(Action action) {
  return rules[static_cast<std::size_t>(action)];
}

constexpr std::array role_names{std::string_view{"user"}, std::string_view{"administrator"}};
constexpr std::array scope_names{std::string_view{"messages:read"},
                                 std::string_view{"messages:write"}, std::string_view{"admin"}};

bool owns(const Actor& actor, const Rule& rule, const Object& object) {
  if (rule.whose == Whose::any || actor.kind == Actor::Kind::system) return true;
  if (!object.owner.empty() && object.owner == actor.person) return true;
  const bool as_administrator =
      actor.role == Role::administrator && (!actor.scope || *actor.scope == Scope::admin);
  return rule.whose == Whose::own_or_administrator && as_administrator;
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
  for (const auto scope : {Scope::messages_read, Scope::messages_write, Scope::admin}) {
    if (text == name(scope)) return scope;
  }
  return Error{Code::invalid_input, "scope"};
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
  if (!owns(actor, rule_of(action), object))
    return Error{Code::not_found, "belongs to somebody else"};
  return Permit{actor, action};
}

}  // namespace sp::access
