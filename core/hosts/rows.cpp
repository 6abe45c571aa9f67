#include "core/hosts/internal/rows.h"

#include "core/inventory/text.h"

namespace sp::hosts {
namespace {

const std::string columns =
    "h.id, h.site, s.name, h.name, h.address, h.port, h.protocol, h.type, h.operating_system, "
    "h.folder, h.tags, h.notes, h.host_keys, h.host_cas, h.first_use, h.revision, h.created_at, "
    "h.changed_at";
const std::string from = " FROM hosts h JOIN sites s ON s.id = h.site ";
constexpr std::size_t column_of_rights = 18;
const std::string rights_of_row = access::sql({"host", "h.id", "h.site", "$1", "$2"});

Host host_of(const store::Row& row) {
  Host out;
  out.id = row.text(0);
  auto& it = out.fields;
  it.site = row.text(1);
  out.site_name = row.text(2);
  it.name = row.text(3);
  it.address = row.text(4);
  it.port = row.integer(5);
  it.protocol = protocol_named(row.text(6)).value_or(Protocol::ssh);
  it.type = row.text(7);
  it.operating_system = row.text(8);
  it.folder = row.text(9);
  it.tags = inventory::split(row.text(10));
  it.notes = row.text(11);
  it.host_keys = inventory::split(row.text(12));
  it.host_cas = inventory::split(row.text(13));
  it.first_use = row.flag(14);
  out.revision = row.integer(15);
  out.created_at = row.time(16);
  out.changed_at = row.time(17);
  if (row.size() > column_of_rights) out.rights = access::Rights{row.integer(column_of_rights)};
  return out;
}

std::string search_of(const Fields& fields) {
  std::string all = fields.name;
  for (const auto* more :
       {&fields.address, &fields.type, &fields.operating_system, &fields.folder, &fields.notes})
    all += "\n" + *more;
  return inventory::folded(all + inventory::joined(fields.tags));
}

// The filter's conditions; its values go behind those that stand there already.
class Conditions {
 public:
  explicit Conditions(std::vector<store::Parameter>& values) : values_(values) {}
  void add(const std::string& before, const std::string& value, const std::string& behind = "") {
    values_.emplace_back(value);
    sql_ += " AND " + before + "$" + std::to_string(values_.size()) + behind;
  }
  [[nodiscard]] const std::string& sql() const { return sql_; }

 private:
  std::vector<store::Parameter>& values_;
  std::string sql_;
};

}  // namespace

std::string key_of(const Host& host) {
  return inventory::text_of({inventory::folded(host.fields.name), host.id});
}

Result<Host> read(store::Transaction& transaction, std::string_view id) {
  const auto row = TRY(transaction.one("SELECT " + columns + from + "WHERE h.id = $1", id));
  if (!row) return Error{Code::not_found, "host: unknown"};
  return host_of(*row);
}

Result<Host> find(const Context& context, const access::Actor& actor, std::string_view id) {
  return context.store.read([&](store::Transaction& transaction) -> Result<Host> {
    auto host = TRY(read(transaction, id));
    const access::Guarded guarded{"host", id, host.fields.site};
    host.rights = TRY(access::authorised_rights(transaction, actor, access::Action::hosts_read,
                                                guarded, context.clock.now()));
    return host;
  });
}

Result<std::vector<Host>> list(const Context& context, const access::Actor& actor,
                               const Filter& filter, std::string_view after, int limit) {
  const auto reach = TRY(access::Reach::of(actor, access::Action::hosts_read));
  const auto key = after.empty() ? inventory::PageKey{} : TRY(inventory::page_key(after));
  const auto pattern = inventory::pattern_of(filter.part);
  const auto tag = "%\n" + inventory::literal(filter.tag) + "\n%";
  const auto folder = filter.folder.value_or("");
  const auto below = inventory::literal(folder) + "/%";
  const std::string protocol{filter.protocol ? name(*filter.protocol) : ""};

  std::vector<store::Parameter> values{
      actor.person, context.clock.now(), pattern, key.name_key, key.id, limit};
  Conditions more{values};
  if (!filter.site.empty()) more.add("h.site = ", filter.site);
  if (!filter.tag.empty()) more.add("h.tags LIKE ", tag, " ESCAPE '!'");
  if (filter.protocol) more.add("h.protocol = ", protocol);
  if (filter.folder && folder.empty()) more.add("h.folder = ", folder);
  if (!folder.empty()) {
    more.add("(h.folder = ", folder);
    values.emplace_back(below);
  }
  std::string sql = "SELECT " + columns + ", " + rights_of_row + from +
                    "WHERE h.search LIKE $3 ESCAPE '!' AND (h.name_key, h.id) > ($4, $5)" +
                    more.sql();
  if (!folder.empty())
    sql += " OR h.folder LIKE $" + std::to_string(values.size()) + " ESCAPE '!')";
  if (!reach.all) sql += " AND " + rights_of_row + " > 0";
  sql += " ORDER BY h.name_key, h.id LIMIT $6";

  return context.store.read([&](store::Transaction& transaction) -> Result<std::vector<Host>> {
    const auto answer = TRY(transaction.execute_list(sql, values));
    std::vector<Host> out;
    for (const auto& row : answer.rows) {
      out.push_back(host_of(row));
      out.back().rights = access::effective(actor, out.back().rights);
    }
    return out;
  });
}

Result<std::vector<Folder>> folders(const Context& context, const access::Actor& actor,
                                    std::string_view site) {
  const auto reach = TRY(access::Reach::of(actor, access::Action::hosts_read));
  const std::string sql =
      "SELECT h.site, h.folder, count(*) FROM hosts h WHERE ($3 = '' OR h.site "
      "= $3) AND (CAST($4 AS BIGINT) = 1 OR " +
      rights_of_row +
      " > 0) GROUP BY h.site, h.folder ORDER BY h.site, "
      "h.folder LIMIT 5000";
  return context.store.read([&](store::Transaction& transaction) -> Result<std::vector<Folder>> {
    const auto rows =
        TRY(transaction.query(sql, actor.person, context.clock.now(), site, reach.all ? 1 : 0));
    std::vector<Folder> out;
    for (const auto& row : rows) out.push_back({row.text(0), row.text(1), row.integer(2)});
    return out;
  });
}

namespace rows {

Result<Host> locked(store::Transaction& transaction, std::string_view id) {
  // An UPDATE that changes nothing takes the row's lock on both engines.
  TRY(transaction.run("UPDATE hosts SET id = id WHERE id = $1", id));
  return read(transaction, id);
}

Outcome insert(store::Transaction& transaction, const Host& host) {
  TRY(transaction.run(
      "INSERT INTO hosts (id, site, name, name_key, address, port, protocol, type, "
      "operating_system, folder, tags, notes, host_keys, host_cas, first_use, search, revision, "
      "created_at, changed_at) VALUES ($1, $2, $3, $4, '', 0, '', '', '', '', '', '', '', '', 0, "
      "'', 0, $5, $5)",
      host.id, host.fields.site, host.fields.name, inventory::folded(host.fields.name),
      host.created_at));
  return update(transaction, host);
}

Outcome update(store::Transaction& transaction, const Host& host) {
  const auto& it = host.fields;
  TRY(transaction.run(
      "UPDATE hosts SET site = $2, name = $3, name_key = $4, address = $5, port = $6, protocol = "
      "$7, type = $8, operating_system = $9, folder = $10, tags = $11, notes = $12, host_keys = "
      "$13, host_cas = $14, first_use = $15, search = $16, revision = $17, changed_at = $18 WHERE "
      "id = $1",
      host.id, it.site, it.name, inventory::folded(it.name), it.address, it.port, name(it.protocol),
      it.type, it.operating_system, it.folder, inventory::joined(it.tags), it.notes,
      inventory::joined(it.host_keys), inventory::joined(it.host_cas), it.first_use, search_of(it),
      host.revision, host.changed_at));
  return {};
}

}  // namespace rows

}  // namespace sp::hosts
