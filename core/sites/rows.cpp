#include "core/sites/internal/rows.h"

#include <algorithm>

#include "core/inventory/text.h"

namespace sp::sites {
namespace {

constexpr std::string_view columns =
    "s.id, s.name, s.notes, s.networks, s.maintenance_days, s.maintenance_from, s.maintenance_to, "
    "s.recording_days, s.idle_minutes, s.total_minutes, s.record, s.record_input, s.disk_full, "
    "s.reason_required, s.session_rights, s.revision, s.created_at, s.changed_at, "
    "(SELECT count(*) FROM hosts h WHERE h.site = s.id), "
    "(SELECT count(*) FROM credentials c WHERE c.site = s.id)";
constexpr std::size_t column_of_rights = 20;

Site site_of(const store::Row& row) {
  Site out;
  out.id = row.text(0);
  auto& it = out.fields;
  it.name = row.text(1);
  it.notes = row.text(2);
  it.networks = inventory::split(row.text(3));
  if (!row.is_null(4))
    it.maintenance =
        Maintenance{static_cast<std::uint8_t>(row.integer(4)), static_cast<int>(row.integer(5)),
                    static_cast<int>(row.integer(6))};
  it.recording_days = row.maybe_integer(7);
  it.idle = std::chrono::minutes{row.integer(8)};
  it.total = std::chrono::minutes{row.integer(9)};
  it.record = row.flag(10);
  it.record_input = row.flag(11);
  it.disk_full = disk_full_named(row.text(12)).value_or(DiskFull::end);
  it.reason_required = row.flag(13);
  it.session_rights = static_cast<std::uint32_t>(row.integer(14));
  out.revision = row.integer(15);
  out.created_at = row.time(16);
  out.changed_at = row.time(17);
  out.hosts = row.integer(18);
  out.credentials = row.integer(19);
  if (row.size() > column_of_rights) out.rights = access::Rights{row.integer(column_of_rights)};
  return out;
}

Outcome fill_gateways(store::Transaction& transaction, Site& site) {
  const auto rows = TRY(transaction.query(
      "SELECT g.edge FROM site_gateways g JOIN edges e ON e.id = g.edge WHERE g.site = $1 AND "
      "e.state <> 'removed' ORDER BY g.position",
      site.id));
  for (const auto& row : rows) site.fields.gateways.push_back(row.text(0));
  return {};
}

std::string search_of(const Fields& fields) {
  return inventory::folded(fields.name + "\n" + fields.notes);
}

}  // namespace

std::string key_of(const Site& site) {
  return inventory::text_of({inventory::folded(site.fields.name), site.id});
}

Result<Site> read(store::Transaction& transaction, std::string_view id) {
  const auto row =
      TRY(transaction.one("SELECT " + std::string{columns} + " FROM sites s WHERE s.id = $1", id));
  if (!row) return Error{Code::not_found, "site: unknown"};
  auto site = site_of(*row);
  TRY(fill_gateways(transaction, site));
  return site;
}

Result<std::string> id_of(store::Transaction& transaction, std::string_view text) {
  const auto row = TRY(
      transaction.one("SELECT id FROM sites WHERE id = $1 OR name_key = $2 ORDER BY CASE WHEN id = "
                      "$1 THEN 0 ELSE 1 END LIMIT 1",
                      text, inventory::folded(inventory::trimmed(text))));
  return row ? row->text(0) : std::string{text};
}

Result<Site> find(const Context& context, const access::Actor& actor, std::string_view id) {
  return context.store.read([&](store::Transaction& transaction) -> Result<Site> {
    const auto rights = TRY(access::authorised_rights(
        transaction, actor, access::Action::sites_read, {"site", id, ""}, context.clock.now()));
    auto site = TRY(read(transaction, id));
    site.rights = rights;
    return site;
  });
}

Result<std::vector<Site>> list(const Context& context, const access::Actor& actor,
                               std::string_view part, std::string_view after, int limit) {
  const auto reach = TRY(access::Reach::of(actor, access::Action::sites_read));
  const auto key = after.empty() ? inventory::PageKey{} : TRY(inventory::page_key(after));
  const auto rights = access::sql({"site", "s.id", "", "$1", "$2"});
  const std::string sql =
      "SELECT " + std::string{columns} + ", " + rights +
      " FROM sites s WHERE s.search LIKE $3 ESCAPE '!' AND (s.name_key, s.id) > "
      "($4, $5)" +
      (reach.all ? "" : " AND " + rights + " > 0") + " ORDER BY s.name_key, s.id LIMIT $6";
  const auto pattern = inventory::pattern_of(part);
  const auto now = context.clock.now();
  return context.store.read([&](store::Transaction& transaction) -> Result<std::vector<Site>> {
    const auto rows =
        TRY(transaction.query(sql, actor.person, now, pattern, key.name_key, key.id, limit));
    std::vector<Site> out;
    for (const auto& row : rows) {
      out.push_back(site_of(row));
      out.back().rights = access::effective(actor, out.back().rights);
      TRY(fill_gateways(transaction, out.back()));
    }
    return out;
  });
}

namespace rows {

Result<Site> locked(store::Transaction& transaction, std::string_view id) {
  // An UPDATE that changes nothing takes the row's lock on both engines.
  TRY(transaction.run("UPDATE sites SET id = id WHERE id = $1", id));
  return read(transaction, id);
}

Outcome insert(store::Transaction& transaction, const Site& site) {
  const auto& it = site.fields;
  TRY(transaction.run(
      "INSERT INTO sites (id, name, name_key, notes, networks, maintenance_days, maintenance_from, "
      "maintenance_to, recording_days, idle_minutes, total_minutes, record, record_input, "
      "disk_full, reason_required, session_rights, search, revision, created_at, changed_at) "
      "VALUES ($1, $2, $3, '', '', NULL, NULL, NULL, NULL, 1, 1, 0, 0, '', 0, 0, '', 0, $4, $4)",
      site.id, it.name, inventory::folded(it.name), site.created_at));
  return update(transaction, site);
}

Outcome update(store::Transaction& transaction, const Site& site) {
  const auto& it = site.fields;
  std::optional<int> days, from, to;
  if (it.maintenance) {
    days = it.maintenance->days;
    from = it.maintenance->from;
    to = it.maintenance->to;
  }
  TRY(transaction.run(
      "UPDATE sites SET name = $2, name_key = $3, notes = $4, networks = $5, maintenance_days = "
      "$6, maintenance_from = $7, maintenance_to = $8, recording_days = $9, idle_minutes = $10, "
      "total_minutes = $11, record = $12, record_input = $13, disk_full = $14, reason_required = "
      "$15, session_rights = $16, search = $17, revision = $18, changed_at = $19 WHERE id = $1",
      site.id, it.name, inventory::folded(it.name), it.notes, inventory::joined(it.networks), days,
      from, to, it.recording_days, it.idle.count(), it.total.count(), it.record, it.record_input,
      name(it.disk_full), it.reason_required, it.session_rights, search_of(it), site.revision,
      site.changed_at));
  return set_gateways(transaction, site);
}

Outcome set_gateways(store::Transaction& transaction, const Site& site) {
  TRY(transaction.run("DELETE FROM site_gateways WHERE site = $1", site.id));
  int position = 0;
  for (const auto& edge : site.fields.gateways)
    TRY(transaction.run("INSERT INTO site_gateways (edge, site, position) VALUES ($1, $2, $3)",
                        edge, site.id, position++));
  return {};
}

Result<Clash> clashes(store::Transaction& transaction, const Site& site) {
  const auto name_key = inventory::folded(site.fields.name);
  const auto twin = TRY(
      transaction.one("SELECT 1 FROM sites WHERE name_key = $1 AND id <> $2", name_key, site.id));
  if (twin) return Clash{{{"name", "is taken"}}, Code::conflict};
  Clash out;
  for (const auto& edge : site.fields.gateways) {
    const auto row = TRY(transaction.one(
        "SELECT e.kind, g.site FROM edges e LEFT JOIN site_gateways g ON g.edge = e.id WHERE e.id "
        "= $1 AND e.state <> 'removed'",
        edge));
    if (!row || row->text(0) != "gateway")
      out.problems.push_back({"gateways", "each must be the id of an edge of the kind gateway"});
    else if (row->maybe_text(1).value_or(site.id) != site.id)
      out.problems.push_back({"gateways", "one belongs to another site"});
  }
  return out;
}

}  // namespace rows

}  // namespace sp::sites
