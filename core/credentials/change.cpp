#include "core/credentials/internal/change.h"

#include "base/bytes/bytes.h"
#include "base/random/id.h"
#include "core/credentials/internal/rows.h"
#include "core/inventory/text.h"
#include "core/secrets/secrets.h"
#include "core/sites/site.h"

namespace sp::credentials {
namespace {

using access::Action;
using audit::Detail;
using audit::Event;

audit::What what(const Credential& credential) {
  return {"credential", credential.id, credential.fields.name};
}

std::string names_of(const Change& change) {
  return inventory::names_of({{change.name.has_value(), "name"},
                              {change.login.has_value(), "login"},
                              {change.notes.has_value(), "notes"},
                              {change.kind.has_value(), "kind"},
                              {change.site.has_value(), "site"},
                              {change.certificate.has_value(), "certificate"},
                              {change.hosts.has_value(), "hosts"},
                              {change.hosts_except.has_value(), "hosts_except"},
                              {change.password.has_value(), "password"},
                              {change.private_key.has_value(), "private_key"},
                              {change.passphrase.has_value(), "passphrase"}});
}

// Who may bind a credential to this site, or to none. One that the actor may not see does not
// exist.
Result<std::vector<Problem>> judge_site(const Context& context, store::Transaction& transaction,
                                        const access::Actor& actor, Credential& credential) {
  const auto& id = credential.fields.site;
  const access::Guarded guarded{"credential", "", id};
  const auto permit = access::authorise(transaction, actor, Action::credentials_write, guarded,
                                        context.clock.now());
  if (!permit && permit.error().code() != Code::not_found) return permit.error();
  credential.site_name.clear();
  if (id.empty() && permit) return std::vector<Problem>{};
  if (id.empty()) return std::vector<Problem>{{"site", "is needed: one that you may change"}};
  const auto site = sites::read(transaction, id);
  if (!site && site.error().code() != Code::not_found) return site.error();
  if (!site || !permit) return std::vector<Problem>{{"site", "there is no such site"}};
  credential.site_name = site->fields.name;
  return std::vector<Problem>{};
}

Result<bool> is_taken(store::Transaction& transaction, const Credential& credential) {
  const auto name_key = inventory::folded(credential.fields.name);
  const auto twin = TRY(transaction.one(
      "SELECT 1 FROM credentials WHERE name_key = $1 AND id <> $2", name_key, credential.id));
  return twin.has_value();
}

Done refused(std::vector<Problem> problems, Code code = Code::invalid_input) {
  return {{std::nullopt, std::move(problems), code}};
}
Done taken() {
  return refused({{"name", "is taken"}}, Code::conflict);
}

Result<access::Rights> rights_of(const Context& context, store::Transaction& transaction,
                                 const access::Actor& actor, const Credential& credential) {
  const auto given = TRY(access::rights_of(transaction, actor,
                                           {"credential", credential.id, credential.fields.site},
                                           context.clock.now()));
  return access::effective(actor, given);
}

// A new key comes with its passphrase or without one; of another kind's secrets nothing stays.
Outcome put_secrets(const Context& context, store::Transaction& transaction,
                    const Credential& credential, const Change& change) {
  const secrets::Owner owner{"credential", credential.id};
  const auto now = context.clock.now();
  const auto put = [&](std::string_view field, const Secret& secret) {
    return secrets::put(transaction, context.keyring, owner, field, secret, now);
  };
  const bool by_password = credential.fields.kind == Kind::password;
  if (change.password) TRY(put("password", *change.password));
  if (change.private_key) TRY(put("private_key", *change.private_key));
  if (change.passphrase)
    TRY(put("passphrase", *change.passphrase));
  else if (change.private_key)
    TRY(put("passphrase", {}));
  if (!by_password) return put("password", {});
  TRY(put("private_key", {}));
  return put("passphrase", {});
}

Result<Credential> writable(const Context& context, store::Transaction& transaction,
                            const access::Actor& actor, std::string_view id) {
  TRY(inventory::lock(transaction));
  auto credential = TRY(rows::locked(transaction, id));
  const access::Guarded guarded{"credential", id, credential.fields.site};
  TRY(access::authorise(transaction, actor, Action::credentials_write, guarded,
                        context.clock.now()));
  return credential;
}

// Appends the entry of what was done, last in the transaction.
Result<Changed<Credential>> noted(const Context& context, store::Transaction& transaction,
                                  Done done) {
  if (done.changed.now) TRY(context.audit.append(transaction, done.entry));
  return std::move(done.changed);
}

}  // namespace

Result<Done> change_in(const Context& context, store::Transaction& transaction,
                       const access::Actor& actor, Credential credential, const Change& wanted) {
  const auto before = credential.fields;
  credential.fields = changed(credential.fields, wanted);
  const bool other_family =
      (before.kind == Kind::password) != (credential.fields.kind == Kind::password);
  if (auto wrong = problems(credential.fields, wanted, other_family); !wrong.empty())
    return refused(std::move(wrong));
  if (credential.fields.site != before.site) {
    auto wrong = TRY(judge_site(context, transaction, actor, credential));
    if (!wrong.empty()) return refused(std::move(wrong));
  }
  if (TRY(is_taken(transaction, credential))) return taken();
  ++credential.revision;
  credential.changed_at = context.clock.now();
  TRY(rows::update(transaction, credential));
  TRY(put_secrets(context, transaction, credential, wanted));
  credential.rights = TRY(rights_of(context, transaction, actor, credential));
  const auto entry = inventory::entry(Event::credential_changed, actor, what(credential),
                                      {{Detail::fields, names_of(wanted)}});
  return Done{{std::move(credential)}, entry};
}

Result<Done> add_in(const Context& context, store::Transaction& transaction,
                    const access::Actor& actor, const Change& wanted) {
  Credential credential;
  credential.fields = changed({}, wanted);
  if (auto wrong = problems(credential.fields, wanted, true); !wrong.empty())
    return refused(std::move(wrong));
  credential.id = bytes::base64url(random_id(context.random));
  credential.created_at = credential.changed_at = context.clock.now();
  auto wrong = TRY(judge_site(context, transaction, actor, credential));
  if (!wrong.empty()) return refused(std::move(wrong));
  if (TRY(is_taken(transaction, credential))) return taken();
  TRY(rows::insert(transaction, credential));
  TRY(put_secrets(context, transaction, credential, wanted));
  TRY(inventory::give_to_creator(context, transaction, actor, "credential", credential.id));
  credential.rights = TRY(rights_of(context, transaction, actor, credential));
  const auto entry = inventory::entry(Event::credential_created, actor, what(credential),
                                      {{Detail::site, credential.site_name}});
  return Done{{std::move(credential)}, entry};
}

Result<Changed<Credential>> add(const Context& context, const access::Actor& actor,
                                const Change& wanted) {
  TRY(access::allowed(actor, Action::credentials_write));
  return context.store.write([&](store::Transaction& transaction) -> Result<Changed<Credential>> {
    TRY(inventory::lock(transaction));
    return noted(context, transaction, TRY(add_in(context, transaction, actor, wanted)));
  });
}

Result<Changed<Credential>> change(const Context& context, const access::Actor& actor,
                                   std::string_view id, const Change& wanted,
                                   std::optional<std::int64_t> revision) {
  return context.store.write([&](store::Transaction& transaction) -> Result<Changed<Credential>> {
    auto credential = TRY(writable(context, transaction, actor, id));
    if (revision && *revision != credential.revision)
      return inventory::refused<Credential>({{"revision", "it was changed meanwhile"}},
                                            Code::conflict);
    return noted(context, transaction,
                 TRY(change_in(context, transaction, actor, std::move(credential), wanted)));
  });
}

Outcome remove(const Context& context, const access::Actor& actor, std::string_view id) {
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto credential = TRY(writable(context, transaction, actor, id));
    TRY(inventory::forget_object(transaction, "credential", id));
    TRY(transaction.run("DELETE FROM credentials WHERE id = $1", id));
    return context.audit.append(
        transaction, inventory::entry(Event::credential_removed, actor, what(credential)));
  });
}

}  // namespace sp::credentials
