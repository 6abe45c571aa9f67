#include "core/access/grants.h"

namespace sp::access {

std::string sql(const RightsSql& of) {
  const bool sealed_by_site = of.kind == "credential";
  const std::string see =
      sealed_by_site ? "CASE WHEN g.object_kind = 'site' THEN 0 ELSE g.may_see END" : "g.may_see";
  std::string out = "(SELECT COALESCE(MAX(g.may_use), 0) + 2 * COALESCE(MAX(" + see +
                    "), 0) + 4 * COALESCE(MAX(g.may_change), 0) FROM permissions g WHERE "
                    "g.person = " +
                    std::string{of.person} + " AND (g.until IS NULL OR g.until > " +
                    std::string{of.now} + ") AND ((g.object_kind = '" + std::string{of.kind} +
                    "' AND g.object = " + std::string{of.id} + ")";
  if (!of.site.empty())
    out += " OR (g.object_kind = 'site' AND g.object = " + std::string{of.site} + ")";
  return out + "))";
}

Result<Rights> rights_of(store::Transaction& transaction, const Actor& actor,
                         const Guarded& guarded, Instant now) {
  const auto row = TRY(transaction.one("SELECT " + sql({guarded.kind, "$3", "$4", "$1", "$2"}),
                                       actor.person, now, guarded.id, guarded.site));
  return Rights{row ? row->integer(0) : 0};
}

Result<Permit> authorise(store::Transaction& transaction, const Actor& actor, Action action,
                         const Guarded& guarded, Instant now) {
  const auto rights = TRY(rights_of(transaction, actor, guarded, now));
  return authorise(actor, action, Object{guarded.kind, guarded.id, {}, rights});
}

Result<Rights> authorised_rights(store::Transaction& transaction, const Actor& actor, Action action,
                                 const Guarded& guarded, Instant now) {
  const auto given = TRY(rights_of(transaction, actor, guarded, now));
  TRY(authorise(actor, action, Object{guarded.kind, guarded.id, {}, given}));
  return effective(actor, given);
}

}  // namespace sp::access
