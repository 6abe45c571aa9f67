#include "core/settings/settings.h"

#include "core/settings/settings_json.h"

namespace sp::settings {
namespace {

using store::Transaction;

constexpr keyring::Place place_of_password{"settings", "1", "mail_password"};

std::string changed_parts(const Values& before, const Values& after,
                          PasswordChange::What password) {
  std::string names;
  const auto add = [&](bool differs, std::string_view name) {
    if (differs) names += (names.empty() ? "" : ",") + std::string{name};
  };
  // Compared in their stored form, part by part.
  const auto only = [](const Values& of, auto keep) {
    Values one;
    keep(one, of);
    return encode(one);
  };
  const auto differs = [&](auto keep) { return only(before, keep) != only(after, keep); };
  add(differs([](Values& to, const Values& of) { to.mail = of.mail; }), "mail");
  add(differs([](Values& to, const Values& of) { to.limits = of.limits; }), "limits");
  add(differs([](Values& to, const Values& of) { to.templates = of.templates; }), "templates");
  add(differs([](Values& to, const Values& of) { to.branding = of.branding; }), "branding");
  add(differs([](Values& to, const Values& of) { to.languages = of.languages; }), "languages");
  add(password != PasswordChange::What::keep, "mail password");
  return names;
}

Outcome save(Transaction& tx, const Values& values, Instant now) {
  const auto body = encode(values);
  const auto saved =
      TRY(tx.run("INSERT INTO settings (id, revision, body, changed_at) VALUES (1, $1, $2, $3) ON "
                 "CONFLICT (id) DO UPDATE SET "
                 "revision = excluded.revision, body = excluded.body, changed_at = "
                 "excluded.changed_at WHERE settings.revision "
                 "= excluded.revision - 1",
                 values.revision, bytes::of(body), now));
  if (saved == 0) return Error{Code::conflict, "the settings changed meanwhile"};
  return {};
}

}  // namespace

std::string_view name(MailSecurity security) {
  constexpr std::array names{std::string_view{"none"}, std::string_view{"starttls"},
                             std::string_view{"tls"}};
  return names[static_cast<std::size_t>(security)];
}

std::string_view name(TemplateKind kind) {
  constexpr std::array<std::string_view, template_count> names{
      "invite", "viewed", "destroyed_unread", "wrong_passphrase"};
  return names[static_cast<std::size_t>(kind)];
}

Settings::Settings(store::Store& store, const keyring::Keyring& keyring, const audit::Audit& audit,
                   const Clock& clock)
    : store_(&store), keyring_(&keyring), audit_(&audit), clock_(&clock) {}

Result<Values> Settings::current(Transaction& tx) {
  const auto row = TRY(tx.one(
      "SELECT revision, body, CASE WHEN mail_password IS NULL THEN 0 ELSE 1 END FROM settings "
      "WHERE id = 1"));
  if (!row) return defaults();
  auto values = TRY(decode(bytes::text(row->bytes(1))));
  values.revision = row->integer(0);
  values.mail.password_set = row->flag(2);
  return values;
}

Result<Values> Settings::current() {
  return store_->read([this](Transaction& tx) { return current(tx); });
}

Result<Secret> Settings::mail_password() {
  const auto load = [](Transaction& tx) {
    return tx.one("SELECT mail_password FROM settings WHERE id = 1");
  };
  const auto row = TRY(store_->read(load));
  if (!row || row->is_null(0)) return Secret{};
  return keyring_->open(place_of_password, row->bytes(0));
}

Result<Values> Settings::replace(const access::Permit& permit, const Values& values,
                                 PasswordChange password) {
  const auto& actor = permit.expect(access::Action::settings_write).actor();
  if (!check(values).empty()) return Error{Code::invalid_input, "settings"};
  const auto work = [&](Transaction& tx) -> Result<Values> {
    const auto before = TRY(current(tx));
    auto after = values;
    ++after.revision;
    TRY(save(tx, after, clock_->now()));
    if (password.what == PasswordChange::What::set) {
      const auto sealed = keyring_->seal(place_of_password, password.password.expose());
      TRY(tx.run("UPDATE settings SET mail_password = $1 WHERE id = 1", sealed));
    } else if (password.what == PasswordChange::What::forget) {
      TRY(tx.run("UPDATE settings SET mail_password = NULL WHERE id = 1"));
    }
    audit::Entry entry{.event = audit::Event::settings_changed};
    entry.actor = access::who(actor);
    entry.object = {"settings", "1", ""};
    entry.source = actor.source;
    entry.details = {{audit::Detail::fields, changed_parts(before, after, password.what)}};
    TRY(audit_->append(tx, entry));
    return current(tx);
  };
  auto stored = TRY(store_->write(work));
  std::vector<std::function<void(const Values&)>> listeners;
  {
    const std::lock_guard lock{mutex_};
    listeners = listeners_;
  }
  for (const auto& listener : listeners) listener(stored);
  return stored;
}

void Settings::on_change(std::function<void(const Values&)> what) {
  const std::lock_guard lock{mutex_};
  listeners_.push_back(std::move(what));
}

}  // namespace sp::settings
