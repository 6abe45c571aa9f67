#include "core/hosts/internal/change.h"

#include <algorithm>

#include "base/bytes/bytes.h"
#include "base/random/id.h"
#include "core/hosts/internal/rows.h"
#include "core/hosts/public_key.h"
#include "core/inventory/text.h"
#include "core/sites/site.h"

namespace sp::hosts {
namespace {

using access::Action;
using audit::Detail;
using audit::Event;

audit::What what(const Host& host) {
  return {"host", host.id, host.fields.name};
}

std::string names_of(const Change& change) {
  return inventory::names_of({{change.name.has_value(), "name"},
                              {change.site.has_value(), "site"},
                              {change.address.has_value(), "address"},
                              {change.port.has_value(), "port"},
                              {change.protocol.has_value(), "protocol"},
                              {change.type.has_value(), "type"},
                              {change.operating_system.has_value(), "operating_system"},
                              {change.folder.has_value(), "folder"},
                              {change.notes.has_value(), "notes"},
                              {change.tags || change.add_tags || change.remove_tags, "tags"},
                              {change.host_keys.has_value(), "host_keys"},
                              {change.host_cas.has_value(), "host_cas"},
                              {change.first_use.has_value(), "first_use"}});
}

// Who may put a host into this site. One that the actor may not see does not exist for them.
Result<std::vector<Problem>> judge_site(const Context& context, store::Transaction& transaction,
                                        const access::Actor& actor, Host& host) {
  const auto site = sites::read(transaction, host.fields.site);
  if (!site && site.error().code() != Code::not_found) return site.error();
  const access::Guarded guarded{"host", "", host.fields.site};
  const auto permit =
      access::authorise(transaction, actor, Action::hosts_write, guarded, context.clock.now());
  if (!permit && permit.error().code() != Code::not_found) return permit.error();
  if (!site || !permit) return std::vector<Problem>{{"site", "there is no such site"}};
  host.site_name = site->fields.name;
  return std::vector<Problem>{};
}

Result<bool> is_taken(store::Transaction& transaction, const Host& host) {
  const auto name_key = inventory::folded(host.fields.name);
  const auto twin =
      TRY(transaction.one("SELECT 1 FROM hosts WHERE site = $1 AND name_key = $2 AND id <> $3",
                          host.fields.site, name_key, host.id));
  return twin.has_value();
}

Done refused(std::vector<Problem> problems, Code code = Code::invalid_input) {
  return {{std::nullopt, std::move(problems), code}};
}
Done taken() {
  return refused({{"name", "is taken at this site"}}, Code::conflict);
}

Result<access::Rights> rights_of(const Context& context, store::Transaction& transaction,
                                 const access::Actor& actor, const Host& host) {
  const auto given = TRY(access::rights_of(transaction, actor, {"host", host.id, host.fields.site},
                                           context.clock.now()));
  return access::effective(actor, given);
}

// The host as it is before a change that the actor may make.
Result<Host> writable(const Context& context, store::Transaction& transaction,
                      const access::Actor& actor, std::string_view id) {
  TRY(inventory::lock(transaction));
  auto host = TRY(rows::locked(transaction, id));
  const access::Guarded guarded{"host", id, host.fields.site};
  TRY(access::authorise(transaction, actor, Action::hosts_write, guarded, context.clock.now()));
  return host;
}

// Appends the entry of what was done, last in the transaction.
Result<Changed<Host>> noted(const Context& context, store::Transaction& transaction, Done done) {
  if (done.changed.now) TRY(context.audit.append(transaction, done.entry));
  return std::move(done.changed);
}

}  // namespace

Result<Done> change_in(const Context& context, store::Transaction& transaction,
                       const access::Actor& actor, Host host, const Change& wanted) {
  const auto old_site = host.fields.site;
  host.fields = changed(std::move(host.fields), wanted);
  if (auto wrong = problems(host.fields); !wrong.empty()) return refused(std::move(wrong));
  if (host.fields.site != old_site) {
    auto wrong = TRY(judge_site(context, transaction, actor, host));
    if (!wrong.empty()) return refused(std::move(wrong));
  }
  if (TRY(is_taken(transaction, host))) return taken();
  ++host.revision;
  host.changed_at = context.clock.now();
  TRY(rows::update(transaction, host));
  host.rights = TRY(rights_of(context, transaction, actor, host));
  const auto entry = inventory::entry(Event::host_changed, actor, what(host),
                                      {{Detail::fields, names_of(wanted)}});
  return Done{{std::move(host)}, entry};
}

Result<Done> add_in(const Context& context, store::Transaction& transaction,
                    const access::Actor& actor, const Change& wanted) {
  Host host;
  host.fields = changed({}, wanted);
  if (auto wrong = problems(host.fields); !wrong.empty()) return refused(std::move(wrong));
  host.id = bytes::base64url(random_id(context.random));
  host.created_at = host.changed_at = context.clock.now();
  auto wrong = TRY(judge_site(context, transaction, actor, host));
  if (!wrong.empty()) return refused(std::move(wrong));
  if (TRY(is_taken(transaction, host))) return taken();
  TRY(rows::insert(transaction, host));
  TRY(inventory::give_to_creator(context, transaction, actor, "host", host.id));
  host.rights = TRY(rights_of(context, transaction, actor, host));
  const auto entry =
      inventory::entry(Event::host_created, actor, what(host), {{Detail::site, host.site_name}});
  return Done{{std::move(host)}, entry};
}

Result<Changed<Host>> add(const Context& context, const access::Actor& actor,
                          const Change& wanted) {
  TRY(access::allowed(actor, Action::hosts_write));
  return context.store.write([&](store::Transaction& transaction) -> Result<Changed<Host>> {
    TRY(inventory::lock(transaction));
    return noted(context, transaction, TRY(add_in(context, transaction, actor, wanted)));
  });
}

Result<Changed<Host>> change(const Context& context, const access::Actor& actor,
                             std::string_view id, const Change& wanted,
                             std::optional<std::int64_t> revision) {
  return context.store.write([&](store::Transaction& transaction) -> Result<Changed<Host>> {
    auto host = TRY(writable(context, transaction, actor, id));
    if (revision && *revision != host.revision)
      return inventory::refused<Host>({{"revision", "it was changed meanwhile"}}, Code::conflict);
    return noted(context, transaction,
                 TRY(change_in(context, transaction, actor, std::move(host), wanted)));
  });
}

Outcome remove(const Context& context, const access::Actor& actor, std::string_view id) {
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto host = TRY(writable(context, transaction, actor, id));
    TRY(inventory::forget_object(transaction, "host", id));
    TRY(transaction.run("DELETE FROM hosts WHERE id = $1", id));
    return context.audit.append(transaction,
                                inventory::entry(Event::host_removed, actor, what(host)));
  });
}

Result<Changed<Host>> trust_key(const Context& context, const access::Actor& actor,
                                std::string_view id, std::string_view key, Pin how) {
  const auto parsed = parse_public_key(key);
  if (!parsed || parsed->is_certificate())
    return inventory::refused<Host>({{"key", "a public key as OpenSSH writes it"}});
  return context.store.write([&](store::Transaction& transaction) -> Result<Changed<Host>> {
    auto host = TRY(writable(context, transaction, actor, id));
    std::vector<std::string> keys;
    if (how == Pin::add) keys = host.fields.host_keys;
    keys.push_back(parsed->line());
    Change wanted;
    wanted.host_keys = std::move(keys);
    auto done = TRY(change_in(context, transaction, actor, std::move(host), wanted));
    done.entry.event = Event::host_key_trusted;
    done.entry.details = {{Detail::to, parsed->fingerprint}};
    return noted(context, transaction, std::move(done));
  });
}

}  // namespace sp::hosts
