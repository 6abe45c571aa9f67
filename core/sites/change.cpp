#include "base/bytes/bytes.h"
#include "base/random/id.h"
#include "core/sites/internal/rows.h"

namespace sp::sites {
namespace {

using access::Action;
using audit::Event;

audit::What what(const Site& site) {
  return {"site", site.id, site.fields.name};
}

std::string names_of(const Change& change) {
  return inventory::names_of({{change.name.has_value(), "name"},
                              {change.notes.has_value(), "notes"},
                              {change.gateways.has_value(), "gateways"},
                              {change.networks.has_value(), "networks"},
                              {change.maintenance.has_value(), "maintenance"},
                              {change.recording_days.has_value(), "recording_days"},
                              {change.idle_minutes.has_value(), "idle_minutes"},
                              {change.total_minutes.has_value(), "total_minutes"},
                              {change.record.has_value(), "record"},
                              {change.record_input.has_value(), "record_input"},
                              {change.reason_required.has_value(), "reason_required"},
                              {change.disk_full.has_value(), "disk_full"},
                              {change.session_rights.has_value(), "session_rights"}});
}

}  // namespace

Result<Changed<Site>> add(const Context& context, const access::Permit& permit, Change wanted) {
  const auto& actor = permit.expect(Action::sites_write).actor();
  Site site;
  site.fields = changed({}, wanted);
  if (auto wrong = problems(site.fields); !wrong.empty())
    return inventory::refused<Site>(std::move(wrong));
  site.id = bytes::base64url(random_id(context.random));
  site.created_at = site.changed_at = context.clock.now();
  site.rights = access::effective(actor, access::all_rights);

  return context.store.write([&](store::Transaction& transaction) -> Result<Changed<Site>> {
    TRY(inventory::lock(transaction));
    auto clash = TRY(rows::clashes(transaction, site));
    if (!clash.problems.empty())
      return inventory::refused<Site>(std::move(clash.problems), clash.code);
    TRY(rows::insert(transaction, site));
    TRY(inventory::give_to_creator(context, transaction, actor, "site", site.id));
    TRY(context.audit.append(transaction,
                             inventory::entry(Event::site_created, actor, what(site))));
    return Changed<Site>{site};
  });
}

Result<Changed<Site>> change(const Context& context, const access::Actor& actor,
                             std::string_view id, const Change& wanted,
                             std::optional<std::int64_t> revision) {
  return context.store.write([&](store::Transaction& transaction) -> Result<Changed<Site>> {
    TRY(inventory::lock(transaction));
    const auto now = context.clock.now();
    const auto rights = TRY(
        access::authorised_rights(transaction, actor, Action::sites_write, {"site", id, ""}, now));
    auto site = TRY(rows::locked(transaction, id));
    if (revision && *revision != site.revision)
      return inventory::refused<Site>({{"revision", "it was changed meanwhile"}}, Code::conflict);
    // Who looks after a site decides who gets in; where its doors are is for who looks after edges.
    if (wanted.gateways && !access::allowed(actor, Action::edges_write))
      return inventory::refused<Site>({{"gateways", "are changed by administrators"}});
    site.fields = changed(std::move(site.fields), wanted);
    if (auto wrong = problems(site.fields); !wrong.empty())
      return inventory::refused<Site>(std::move(wrong));
    auto clash = TRY(rows::clashes(transaction, site));
    if (!clash.problems.empty())
      return inventory::refused<Site>(std::move(clash.problems), clash.code);
    ++site.revision;
    site.changed_at = now;
    TRY(rows::update(transaction, site));
    site.rights = rights;
    TRY(context.audit.append(transaction,
                             inventory::entry(Event::site_changed, actor, what(site),
                                              {{audit::Detail::fields, names_of(wanted)}})));
    return Changed<Site>{std::move(site)};
  });
}

Outcome remove(const Context& context, const access::Actor& actor, std::string_view id) {
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(inventory::lock(transaction));
    TRY(access::authorise(transaction, actor, Action::sites_write, {"site", id, ""},
                          context.clock.now()));
    const auto site = TRY(rows::locked(transaction, id));
    if (site.hosts > 0 || site.credentials > 0 || !site.fields.gateways.empty())
      return Error{Code::conflict, "site: something belongs to it"};
    TRY(transaction.run("DELETE FROM site_gateways WHERE site = $1", id));
    TRY(inventory::forget_object(transaction, "site", id));
    TRY(transaction.run("DELETE FROM sites WHERE id = $1", id));
    return context.audit.append(transaction,
                                inventory::entry(Event::site_removed, actor, what(site)));
  });
}

}  // namespace sp::sites
