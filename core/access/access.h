#pragma once
// The one judge (promise 8): who may do what to what. Repositories demand the Permit that only
// `authorise` makes, so a route that forgot to ask does not compile.
//
// Where a secret is about to leave the core (a message's link, a one-time password, later a
// record's password) the caller's order is: authorise; in one transaction do the work and append
// the audit event; only when `Store::write` has returned success, answer. Never answer from inside
// the transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result/result.h"
#include "core/audit/audit.h"

namespace sp::access {

enum class Role : std::uint8_t { user, administrator };
/// Of an API token; each may what the ones before it may.
enum class Scope : std::uint8_t { messages_read, messages_write, sessions_use, admin };
std::string_view name(Role role);
std::string_view name(Scope scope);
Result<Role> role_named(std::string_view text);
Result<Scope> scope_named(std::string_view text);

/// Everything that can be asked of the core. openapi.json names them as `x-action`.
enum class Action : std::uint8_t {
  openapi_read,
  session_open,
  session_read,
  session_close,
  password_change,
  people_read,
  people_write,
  tokens_read,
  tokens_write,
  audit_read,
  audit_export,
  audit_verify,
  settings_read,
  settings_write,
  compose_read,
  messages_read,
  messages_write,
  edges_read,
  edges_write,
  certificates_read,
  trust_read,
  sites_read,
  sites_write,
  hosts_read,
  hosts_write,
  hosts_use,
  credentials_read,
  credentials_write,
  credentials_use,
  credentials_see,
  permissions_read,
  permissions_write,
  host_sessions_connect,
  host_sessions_read,
  host_sessions_write,
  host_sessions_watch,
  recordings_read,
  host_keys_read,
  host_keys_write,
};
inline constexpr auto last_action = Action::host_keys_write;
std::string_view name(Action action);

/// Who asks. Made by people::authenticate from a cookie or a token, or by `system_actor`.
struct Actor {
  enum class Kind : std::uint8_t { anonymous, person, token, system };
  Kind kind = Kind::anonymous;
  std::string person;  ///< the account's id; empty for anonymous and system
  std::string login, name;
  Role role = Role::user;
  std::optional<Scope>
      scope;               ///< a token's; none for a browser session, which may what its role may
  std::string credential;  ///< id of the session or token
  std::string source;      ///< network address, canonical text
  bool must_change_password = false;
};
/// For what the core does by itself (link worker, mail queue, start).
Actor system_actor();
audit::Who who(const Actor& actor);

/// What may be given to somebody on a site, a host or a credential, and later on a password record.
enum class Right : std::uint8_t {
  use = 1,     ///< to connect, without seeing the secret
  see = 2,     ///< to read the secret
  change = 4,  ///< to change or remove it
};
/// Any of them, as bits.
class Rights {
 public:
  constexpr Rights() = default;
  constexpr explicit Rights(std::int64_t bits) : bits_(static_cast<std::uint8_t>(bits & 7)) {}
  constexpr Rights(Right right) : bits_(static_cast<std::uint8_t>(right)) {}  // NOLINT: on purpose
  [[nodiscard]] constexpr bool has(Right right) const {
    return (bits_ & static_cast<std::uint8_t>(right)) != 0;
  }
  [[nodiscard]] constexpr bool any() const { return bits_ != 0; }
  [[nodiscard]] constexpr bool any_of(Rights others) const { return (bits_ & others.bits_) != 0; }
  friend constexpr Rights operator|(Rights a, Rights b) { return Rights{a.bits_ | b.bits_}; }
  friend constexpr bool operator==(Rights, Rights) = default;

 private:
  std::uint8_t bits_ = 0;
};
inline constexpr Rights all_rights{7};
std::string_view name(Right right);
Result<Right> right_named(std::string_view text);

/// What it is about. `owner` is the account that the object belongs to; empty when it has none or
/// when all of a kind are meant (then only an administrator passes where ownership counts).
/// `rights` are those that the actor was given on it: core/access/grants.h reads them.
struct Object {
  std::string_view kind;
  std::string_view id;
  std::string_view owner;
  Rights rights{};
};

/// The proof that `authorise` said yes to this actor, action and object. Valid for the request.
class Permit {
 public:
  [[nodiscard]] Action action() const { return action_; }
  [[nodiscard]] const Actor& actor() const { return *actor_; }
  /// Ends the process when the permit is for something else: a bug in a route.
  const Permit& expect(Action action) const;

 private:
  friend Result<Permit> authorise(const Actor&, Action, const Object&);
  friend struct Reach;
  Permit(const Actor& actor, Action action) : actor_(&actor), action_(action) {}
  const Actor* actor_;
  Action action_;
};

/// Whether this actor may do such a thing at all (role, scope, pending password change), before the
/// object is known. Same errors as `authorise`.
Outcome allowed(const Actor& actor, Action action);
/// `unauthenticated` when nobody is signed in, `forbidden` when role, scope or a pending forced
/// password change forbids, `not_found` when the object belongs to somebody else or no right was
/// given on it, `forbidden` when a right was given, but not the one that this needs.
Result<Permit> authorise(const Actor& actor, Action action, const Object& object = {});

/// For a list of what rights are given on: the permit, and how far it reaches.
struct Reach {
  static Result<Reach> of(const Actor& actor, Action action);
  Permit permit;
  bool all;  ///< everything, as administrators see it; else what rights were given on
};
/// What the actor may do who was given `rights`: an administrator may change everything.
Rights effective(const Actor& actor, Rights given);

}  // namespace sp::access
