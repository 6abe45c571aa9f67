#pragma once
// Credentials for hosts: a login with a password, a private key, or a key and its certificate.
// Their secrets stand in core/secrets; here is all that may be shown. Later they become password
// records of the vault: the same table of secrets, the same rights.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret/secret.h"
#include "core/inventory/parts.h"

namespace sp::hosts {
struct Host;
}

namespace sp::credentials {

using inventory::Changed;
using inventory::Context;
using inventory::Problem;

enum class Kind : std::uint8_t { password, key, certificate };
std::string_view name(Kind kind);  ///< as in a ticket
std::optional<Kind> kind_named(std::string_view text);

struct Fields {
  std::string name, login;
  Kind kind = Kind::password;
  std::string site{};         ///< id; with one, it is for hosts of that site alone
  std::string certificate{};  ///< one line of OpenSSH's form
  bool has_passphrase = false;
  std::vector<std::string> hosts{}, hosts_except{};  ///< patterns of names, with * and ?
  std::string notes{};
};

/// What is to be another way; absent members stay. A secret replaces the one before it. Text.
struct Change {
  std::optional<std::string> name{}, login{}, notes{};
  std::optional<Kind> kind{};
  std::optional<std::string> site{};         ///< "" for none
  std::optional<std::string> certificate{};  ///< "" for none
  std::optional<std::vector<std::string>> hosts{}, hosts_except{};
  std::optional<Secret> password{}, private_key{}, passphrase{};
};

struct Credential {
  std::string id;
  Fields fields;
  std::string site_name;
  access::Rights rights{};  ///< of who asked
  std::int64_t revision = 1;
  Instant created_at{}, changed_at{};
};

inline constexpr std::size_t longest_password = 4096, longest_private_key = 32U << 10U;

Fields changed(Fields fields, const Change& change);
/// What can be seen without the database. `is_new` asks for the secret of its kind.
std::vector<Problem> problems(const Fields& fields, const Change& change, bool needs_secret);
/// Whether its patterns take the host, and its site is none or the host's.
bool fits(const Fields& fields, const hosts::Host& host);

/// Needs `change` on the site that it is for, or an administrator.
Result<Changed<Credential>> add(const Context& context, const access::Actor& actor,
                                const Change& wanted);
Result<Changed<Credential>> change(const Context& context, const access::Actor& actor,
                                   std::string_view id, const Change& change,
                                   std::optional<std::int64_t> revision = {});
Outcome remove(const Context& context, const access::Actor& actor, std::string_view id);

struct Filter {
  std::string part{};  ///< of name, login or notes
  std::string site{};  ///< empty: any
};
/// Those that the actor may see, by name. `after` is `key_of` the last one of the page before.
Result<std::vector<Credential>> list(const Context& context, const access::Actor& actor,
                                     const Filter& filter, std::string_view after, int limit);
std::string key_of(const Credential& credential);
/// One that the actor may see.
Result<Credential> find(const Context& context, const access::Actor& actor, std::string_view id);
/// For the core's own work, without asking anybody: `not_found`.
Result<Credential> read(store::Transaction& transaction, std::string_view id);
/// Those that the actor may use at this host, by name.
Result<std::vector<Credential>> usable(store::Transaction& transaction, const access::Actor& actor,
                                       const hosts::Host& host, Instant now);

/// What was sealed. Empty where the kind has none.
struct Secrets {
  Secret password, private_key, passphrase;
};
/// With the permit of credentials_use or credentials_see.
Result<Secrets> open(const Context& context, store::Transaction& transaction,
                     const access::Permit& permit, std::string_view id);

struct Revealed {
  Credential credential;
  Secrets secrets;
};
/// Shows it to one who may `see` it. The audit event is durable when this returns.
Result<Revealed> reveal(const Context& context, const access::Actor& actor, std::string_view id,
                        std::string_view reason);

}  // namespace sp::credentials
