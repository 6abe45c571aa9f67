#include "core/permissions/permission.h"

#include "base/result/ensure.h"

namespace sp::permissions {
namespace {

using access::Action;
using access::Right;

const std::string select =
    "SELECT p.id, p.login, p.name, g.may_use, g.may_see, g.may_change, g.until, g.given_by, "
    "g.given_at FROM permissions g JOIN people p ON p.id = g.person WHERE g.object_kind = $1 AND "
    "g.object = $2";

Permission permission_of(const store::Row& row) {
  const auto rights = row.integer(3) + 2 * row.integer(4) + 4 * row.integer(5);
  return {row.text(0),       row.text(1), row.text(2), access::Rights{rights},
          row.maybe_time(6), row.text(7), row.time(8)};
}

std::string table_of(const Object& object) {
  ensure(object.kind == "site" || object.kind == "host" || object.kind == "credential");
  return std::string{object.kind} + "s";
}

// Its name, which goes into the trail.
Result<std::string> name_of(store::Transaction& transaction, const Object& object) {
  const auto row =
      TRY(transaction.one("SELECT name FROM " + table_of(object) + " WHERE id = $1", object.id));
  if (!row) return Error{Code::not_found, "permission: no such object"};
  return row->text(0);
}

Result<std::string> login_of(store::Transaction& transaction, std::string_view person) {
  const auto row = TRY(transaction.one("SELECT login FROM people WHERE id = $1", person));
  if (!row) return Error{Code::not_found, "permission: no such person"};
  return row->text(0);
}

std::string names_of(access::Rights rights) {
  std::string out;
  for (const auto right : {Right::use, Right::see, Right::change})
    if (rights.has(right)) out += (out.empty() ? "" : ",") + std::string{access::name(right)};
  return out;
}

}  // namespace

Result<Changed<Permission>> give(const Context& context, const access::Permit& permit,
                                 const Object& object, std::string_view person,
                                 access::Rights rights, std::optional<Instant> until) {
  const auto& actor = permit.expect(Action::permissions_write).actor();
  const auto now = context.clock.now();
  if (!rights.any())
    return inventory::refused<Permission>({{"rights", "at least one of use, see, change"}});
  if (until && *until <= now)
    return inventory::refused<Permission>({{"until", "must be in the future"}});

  return context.store.write([&](store::Transaction& transaction) -> Result<Changed<Permission>> {
    TRY(inventory::lock(transaction));
    const auto name = TRY(name_of(transaction, object));
    const auto login = TRY(login_of(transaction, person));
    TRY(transaction.run(
        "INSERT INTO permissions (object_kind, object, person, may_use, may_see, may_change, "
        "until, given_by, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT "
        "(object_kind, object, person) DO UPDATE SET may_use = excluded.may_use, may_see = "
        "excluded.may_see, may_change = excluded.may_change, until = excluded.until, given_by = "
        "excluded.given_by, given_at = excluded.given_at",
        object.kind, object.id, person, rights.has(Right::use), rights.has(Right::see),
        rights.has(Right::change), until, actor.login, now));
    const auto row =
        TRY(transaction.one(select + " AND g.person = $3", object.kind, object.id, person));
    if (!row) return Error{Code::internal, "permission: not there after it was written"};
    audit::Details details{{audit::Detail::person, login},
                           {audit::Detail::rights, names_of(rights)}};
    if (until) details.emplace_back(audit::Detail::expires_at, rfc3339(*until));
    TRY(context.audit.append(
        transaction,
        inventory::entry(audit::Event::permission_given, actor,
                         {std::string{object.kind}, std::string{object.id}, name}, details)));
    return Changed<Permission>{permission_of(*row)};
  });
}

Outcome take(const Context& context, const access::Permit& permit, const Object& object,
             std::string_view person) {
  const auto& actor = permit.expect(Action::permissions_write).actor();
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(inventory::lock(transaction));
    const auto name = TRY(name_of(transaction, object));
    const auto login = TRY(login_of(transaction, person));
    const auto gone = TRY(transaction.run(
        "DELETE FROM permissions WHERE object_kind = $1 AND object = $2 AND person = $3",
        object.kind, object.id, person));
    if (gone == 0) return Error{Code::not_found, "permission: none was given"};
    return context.audit.append(
        transaction, inventory::entry(audit::Event::permission_taken, actor,
                                      {std::string{object.kind}, std::string{object.id}, name},
                                      {{audit::Detail::person, login}}));
  });
}

Result<std::vector<Permission>> list(const Context& context, const access::Permit& permit,
                                     const Object& object) {
  permit.expect(Action::permissions_read);
  return context.store.read(
      [&](store::Transaction& transaction) -> Result<std::vector<Permission>> {
        TRY(name_of(transaction, object));
        const auto rows =
            TRY(transaction.query(select + " ORDER BY p.login", object.kind, object.id));
        std::vector<Permission> out;
        for (const auto& row : rows) out.push_back(permission_of(row));
        return out;
      });
}

}  // namespace sp::permissions
