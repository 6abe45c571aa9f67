#include "core/inventory/parts.h"

namespace sp::inventory {

Outcome lock(store::Transaction& transaction) {
  return transaction.lock("inventory");
}

std::string names_of(std::initializer_list<std::pair<bool, std::string_view>> members) {
  std::string out;
  for (const auto& [there, name] : members)
    if (there) out.append(out.empty() ? "" : ",").append(name);
  return out;
}

audit::Entry entry(audit::Event event, const access::Actor& actor, audit::What what,
                   audit::Details details) {
  return {event,           audit::Ending::success, access::who(actor),
          std::move(what), actor.source,           std::move(details)};
}

Outcome forget_object(store::Transaction& transaction, std::string_view kind, std::string_view id) {
  TRY(transaction.run("DELETE FROM permissions WHERE object_kind = $1 AND object = $2", kind, id));
  TRY(transaction.run("DELETE FROM secrets WHERE owner_kind = $1 AND owner = $2", kind, id));
  return {};
}

Outcome give_to_creator(const Context& context, store::Transaction& transaction,
                        const access::Actor& actor, std::string_view kind, std::string_view id) {
  if (actor.person.empty()) return {};  // the system
  TRY(transaction.run(
      "INSERT INTO permissions (object_kind, object, person, may_use, may_see, may_change, until, "
      "given_by, given_at) VALUES ($1, $2, $3, 1, 1, 1, NULL, $4, $5)",
      kind, id, actor.person, actor.login, context.clock.now()));
  return {};
}

}  // namespace sp::inventory
