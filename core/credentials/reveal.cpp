#include "core/credentials/credential.h"
#include "core/secrets/secrets.h"

namespace sp::credentials {

Result<Secrets> open(const Context& context, store::Transaction& transaction,
                     const access::Permit& permit, std::string_view id) {
  const secrets::Owner owner{"credential", id};
  const auto field = [&](std::string_view name) {
    return secrets::open(transaction, context.keyring, permit, owner, name);
  };
  Secrets out;
  out.password = TRY(field("password"));
  out.private_key = TRY(field("private_key"));
  out.passphrase = TRY(field("passphrase"));
  return out;
}

Result<Revealed> reveal(const Context& context, const access::Actor& actor, std::string_view id,
                        std::string_view reason) {
  return context.store.write([&](store::Transaction& transaction) -> Result<Revealed> {
    auto credential = TRY(read(transaction, id));
    const auto permit =
        TRY(access::authorise(transaction, actor, access::Action::credentials_see,
                              {"credential", id, credential.fields.site}, context.clock.now()));
    auto opened = TRY(open(context, transaction, permit, id));
    audit::Details details{{audit::Detail::login, credential.fields.login}};
    if (!reason.empty()) details.emplace_back(audit::Detail::reason_given, reason);
    TRY(context.audit.append(transaction,
                             inventory::entry(audit::Event::credential_revealed, actor,
                                              {"credential", credential.id, credential.fields.name},
                                              std::move(details))));
    return Revealed{std::move(credential), std::move(opened)};
  });
}

}  // namespace sp::credentials
