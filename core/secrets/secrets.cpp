#include "core/secrets/secrets.h"

#include "base/result/ensure.h"

namespace sp::secrets {
namespace {

std::string place_of(const Owner& owner) {
  return std::string{owner.kind} + "/" + std::string{owner.id};
}

}  // namespace

Outcome put(store::Transaction& transaction, const keyring::Keyring& keyring, const Owner& owner,
            std::string_view field, const Secret& secret, Instant now) {
  if (secret.empty()) {
    TRY(transaction.run("DELETE FROM secrets WHERE owner_kind = $1 AND owner = $2 AND field = $3",
                        owner.kind, owner.id, field));
    return {};
  }
  const auto place = place_of(owner);
  const auto sealed = keyring.seal({"secrets", place, field}, secret.expose());
  TRY(transaction.run(
      "INSERT INTO secrets (owner_kind, owner, field, sealed, changed_at) VALUES ($1, $2, $3, $4, "
      "$5) ON CONFLICT (owner_kind, owner, field) DO UPDATE SET sealed = excluded.sealed, "
      "changed_at = excluded.changed_at",
      owner.kind, owner.id, field, sealed, now));
  return {};
}

Result<Secret> open(store::Transaction& transaction, const keyring::Keyring& keyring,
                    const access::Permit& permit, const Owner& owner, std::string_view field) {
  ensure(permit.action() == access::Action::credentials_use ||
         permit.action() == access::Action::credentials_see);
  const auto row = TRY(transaction.one(
      "SELECT sealed FROM secrets WHERE owner_kind = $1 AND owner = $2 AND field = $3", owner.kind,
      owner.id, field));
  if (!row) return Secret{};
  const auto place = place_of(owner);
  return keyring.open({"secrets", place, field}, row->bytes(0));
}

}  // namespace sp::secrets
