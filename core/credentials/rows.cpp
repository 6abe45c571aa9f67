#include "core/credentials/internal/rows.h"

#include "core/hosts/host.h"
#include "core/inventory/text.h"

namespace sp::credentials {
namespace {

const std::string columns =
    "c.id, c.site, s.name, c.name, c.login, c.kind, c.certificate, c.has_passphrase, c.hosts, "
    "c.hosts_except, c.notes, c.revision, c.created_at, c.changed_at";
const std::string from = " FROM credentials c LEFT JOIN sites s ON s.id = c.site ";
constexpr std::size_t column_of_rights = 14;
const std::string rights_of_row = access::sql({"credential", "c.id", "c.site", "$1", "$2"});

Credential credential_of(const store::Row& row) {
  Credential out;
  out.id = row.text(0);
  auto& it = out.fields;
  it.site = row.maybe_text(1).value_or("");
  out.site_name = row.maybe_text(2).value_or("");
  it.name = row.text(3);
  it.login = row.text(4);
  it.kind = kind_named(row.text(5)).value_or(Kind::password);
  it.certificate = row.text(6);
  it.has_passphrase = row.flag(7);
  it.hosts = inventory::split(row.text(8));
  it.hosts_except = inventory::split(row.text(9));
  it.notes = row.text(10);
  out.revision = row.integer(11);
  out.created_at = row.time(12);
  out.changed_at = row.time(13);
  if (row.size() > column_of_rights) out.rights = access::Rights{row.integer(column_of_rights)};
  return out;
}

std::string search_of(const Fields& fields) {
  return inventory::folded(fields.name + "\n" + fields.login + "\n" + fields.notes);
}

}  // namespace

std::string key_of(const Credential& credential) {
  return inventory::text_of({inventory::folded(credential.fields.name), credential.id});
}

Result<Credential> read(store::Transaction& transaction, std::string_view id) {
  const auto row = TRY(transaction.one("SELECT " + columns + from + "WHERE c.id = $1", id));
  if (!row) return Error{Code::not_found, "credential: unknown"};
  return credential_of(*row);
}

Result<Credential> find(const Context& context, const access::Actor& actor, std::string_view id) {
  return context.store.read([&](store::Transaction& transaction) -> Result<Credential> {
    auto credential = TRY(read(transaction, id));
    const access::Guarded guarded{"credential", id, credential.fields.site};
    credential.rights = TRY(access::authorised_rights(
        transaction, actor, access::Action::credentials_read, guarded, context.clock.now()));
    return credential;
  });
}

Result<std::vector<Credential>> list(const Context& context, const access::Actor& actor,
                                     const Filter& filter, std::string_view after, int limit) {
  const auto reach = TRY(access::Reach::of(actor, access::Action::credentials_read));
  const auto key = after.empty() ? inventory::PageKey{} : TRY(inventory::page_key(after));
  const std::string sql =
      "SELECT " + columns + ", " + rights_of_row + from +
      "WHERE c.search LIKE $3 ESCAPE '!' AND (c.name_key, c.id) > ($4, $5) AND ($6 = '' OR c.site "
      "= $6)" +
      (reach.all ? "" : " AND " + rights_of_row + " > 0") + " ORDER BY c.name_key, c.id LIMIT $7";
  const auto pattern = inventory::pattern_of(filter.part);
  const auto now = context.clock.now();
  return context.store.read(
      [&](store::Transaction& transaction) -> Result<std::vector<Credential>> {
        const auto rows = TRY(transaction.query(sql, actor.person, now, pattern, key.name_key,
                                                key.id, filter.site, limit));
        std::vector<Credential> out;
        for (const auto& row : rows) {
          out.push_back(credential_of(row));
          out.back().rights = access::effective(actor, out.back().rights);
        }
        return out;
      });
}

Result<std::vector<Credential>> usable(store::Transaction& transaction, const access::Actor& actor,
                                       const hosts::Host& host, Instant now) {
  TRY(access::allowed(actor, access::Action::credentials_use));
  const auto rows = TRY(transaction.query("SELECT " + columns + ", " + rights_of_row + from +
                                              "WHERE (c.site IS NULL OR c.site = $3) AND " +
                                              rights_of_row + " > 0 ORDER BY c.name_key, c.id",
                                          actor.person, now, host.fields.site));
  std::vector<Credential> out;
  for (const auto& row : rows) {
    auto credential = credential_of(row);
    if (!fits(credential.fields, host)) continue;
    const access::Object object{"credential", credential.id, {}, credential.rights};
    if (access::authorise(actor, access::Action::credentials_use, object))
      out.push_back(std::move(credential));
  }
  return out;
}

namespace rows {

Result<Credential> locked(store::Transaction& transaction, std::string_view id) {
  // An UPDATE that changes nothing takes the row's lock on both engines.
  TRY(transaction.run("UPDATE credentials SET id = id WHERE id = $1", id));
  return read(transaction, id);
}

Outcome insert(store::Transaction& transaction, const Credential& credential) {
  TRY(transaction.run(
      "INSERT INTO credentials (id, name, name_key, login, kind, certificate, has_passphrase, "
      "hosts, hosts_except, notes, search, revision, created_at, changed_at) VALUES ($1, $2, $3, "
      "'', '', '', 0, '', '', '', '', 0, $4, $4)",
      credential.id, credential.fields.name, inventory::folded(credential.fields.name),
      credential.created_at));
  return update(transaction, credential);
}

Outcome update(store::Transaction& transaction, const Credential& credential) {
  const auto& it = credential.fields;
  const auto site = it.site.empty() ? std::nullopt : std::optional<std::string>{it.site};
  TRY(transaction.run(
      "UPDATE credentials SET site = $2, name = $3, name_key = $4, login = $5, kind = $6, "
      "certificate = $7, has_passphrase = $8, hosts = $9, hosts_except = $10, notes = $11, search "
      "= $12, revision = $13, changed_at = $14 WHERE id = $1",
      credential.id, site, it.name, inventory::folded(it.name), it.login, name(it.kind),
      it.certificate, it.has_passphrase, inventory::joined(it.hosts),
      inventory::joined(it.hosts_except), it.notes, search_of(it), credential.revision,
      credential.changed_at));
  return {};
}

}  // namespace rows

}  // namespace sp::credentials
