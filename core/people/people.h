#pragma once
// Accounts, sign-in, sessions and API tokens.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"
#include "core/access/access.h"
#include "core/audit/audit.h"
#include "core/people/password.h"
#include "core/store/store.h"

namespace sp::people {

struct Person {
  std::string id, login, name;
  std::optional<std::string> email;
  access::Role role = access::Role::user;
  bool disabled = false;
  bool must_change_password = false;
  Instant created_at;
  std::optional<Instant> last_sign_in_at, locked_until;
};

/// Trimmed, lower case; 2 to 64 of a-z 0-9 . _ - @, beginning with a letter or digit.
/// `invalid_input` otherwise. Done once at the rim; only the id is used afterwards.
Result<std::string> canonical_login(std::string_view login);
inline constexpr std::size_t least_password_size = 12;

struct NewPerson {
  std::string login;  ///< canonical
  std::string name;   ///< empty: the login
  std::optional<std::string> email;
  access::Role role = access::Role::user;
};
/// Absent members stay as they are.
struct PersonChange {
  std::optional<std::string> name;
  std::optional<std::optional<std::string>> email;
  std::optional<access::Role> role;
  std::optional<bool> disabled;
};
struct WithOneTimePassword {
  Person person;
  Secret one_time_password;  ///< text
};

/// What sign-in came to. A second factor or a redirect to somebody's sign-on will be further steps.
struct SignIn {
  enum class Step : std::uint8_t { done, refused, locked };
  Step step = Step::refused;
  Person person;                       ///< when done
  std::string cookie;                  ///< when done: 43 characters, the session's only secret
  std::string csrf_token;              ///< when done
  std::chrono::seconds retry_after{};  ///< when locked
};
struct Session {
  std::string id, person;
  std::string csrf_token;
  Instant created_at, last_used_at, expires_at;
};
/// Who a request comes from, with the session if it came by cookie.
struct Caller {
  access::Actor actor;
  std::optional<Session> session;
};

struct Token {
  std::string id, name;
  access::Scope scope = access::Scope::messages_read;
  std::string person, login, person_name;
  Instant created_at;
  std::optional<Instant> expires_at, last_used_at;
};
struct NewToken {
  Token token;
  std::string secret;  ///< "sp_" and 43 characters
};

inline constexpr std::chrono::minutes idle_limit{30};
inline constexpr std::chrono::hours absolute_limit{12};

/// Safe from every thread.
class People {
 public:
  People(store::Store& store, const audit::Audit& audit, const keyring::Keyring& keyring,
         Hasher& hasher, Random& random, const Clock& clock);

  // Sign-in and sessions. `source` is the caller's network address.
  Result<SignIn> sign_in(std::string_view login, const Secret& password, std::string_view source);
  /// Nothing when the cookie is unknown, idle too long or too old, or its account is disabled.
  Result<std::optional<Caller>> by_cookie(std::string_view cookie, std::string_view source);
  Result<std::optional<Caller>> by_token(std::string_view secret, std::string_view source);
  Outcome sign_out(const access::Permit& permit);
  /// Ends every session and renews this one. `forbidden` when the old password is wrong,
  /// `invalid_input` when the new one is too short or the old one again, `too_many` when locked.
  Result<SignIn> change_password(const access::Permit& permit, const Secret& old_password,
                                 const Secret& new_password);

  // Accounts.
  Result<std::vector<Person>> list(const access::Permit& permit, std::string_view part,
                                   std::string_view after_login, int limit);
  Result<Person> find(const access::Permit& permit, std::string_view id);
  Result<Person> of(const access::Actor& actor);  ///< the actor's own account
  /// `conflict` when the login is taken.
  Result<WithOneTimePassword> create(const access::Permit& permit, const NewPerson& person);
  /// `conflict` when it would leave no enabled administrator.
  Result<Person> change(const access::Permit& permit, std::string_view id,
                        const PersonChange& change);
  Result<WithOneTimePassword> reset_password(const access::Permit& permit, std::string_view id);
  /// At the terminal of the core's machine: the first administrator; `conflict` when there are
  /// accounts.
  Result<WithOneTimePassword> create_first(const NewPerson& person);
  /// Anybody's account by login, for programs at the terminal; `not_found`.
  Result<Person> with_login(std::string_view login);

  // API tokens.
  Result<NewToken> create_token(const access::Permit& permit, std::string_view name,
                                access::Scope scope, std::optional<Duration> life);
  /// At the terminal, for an account of this login.
  Result<NewToken> create_token_for(std::string_view login, std::string_view name,
                                    access::Scope scope);
  Result<std::vector<Token>> tokens(const access::Permit& permit, bool of_all,
                                    std::string_view after_id, int limit);
  /// Needs to know the owner to judge, so it asks access::authorise by itself.
  Outcome revoke_token(const access::Actor& actor, std::string_view id);

  /// Forgets what has ended: sessions, tokens, failures. Called now and then.
  Outcome sweep();

 private:
  struct Attempt;
  Result<Attempt> claim_attempt(const std::string& account, std::string_view source);
  Result<SignIn> refuse(const Attempt& attempt, const std::string& login, std::string_view reason,
                        std::string_view source);
  Result<SignIn> begin_session(store::Transaction& tx, const std::string& person,
                               std::string_view source);
  Result<NewToken> insert_token(store::Transaction& tx, const Person& owner, std::string_view name,
                                access::Scope scope, std::optional<Instant> expires_at);
  Result<WithOneTimePassword> insert_person(const NewPerson& person, const audit::Who& by,
                                            const std::string& source, bool first);
  [[nodiscard]] std::string csrf_of(BytesView cookie_hash) const;
  [[nodiscard]] std::string new_id();
  [[nodiscard]] Secret one_time_password();

  store::Store* store_;
  const audit::Audit* audit_;
  Secret csrf_key_;
  Hasher* hasher_;
  Random* random_;
  const Clock* clock_;
};

}  // namespace sp::people
