#include "core/api/host_session_routes.h"
#include "core/api/inventory_json.h"
#include "core/credentials/destination.h"

namespace sp::api {
namespace {

// A member of the request that would have to be another, or a state of things that would.
Response response_of(const credentials::Destination& from) {
  const auto obstacle = *from.obstacle;
  auto words = std::string{credentials::words(obstacle)};
  for (const auto& choice : from.choices)
    words += (&choice == &from.choices.front() ? " " : ", ") + choice.fields.name;
  const auto field = std::string{credentials::field(obstacle)};
  if (!field.empty()) return problem(Code::invalid_input, {}, {{field, std::move(words)}});
  const bool away = obstacle == credentials::Obstacle::no_gateway;
  return problem(away ? Code::unavailable : Code::conflict, std::move(words));
}

sessions::Destination destination_of(credentials::Destination from) {
  const auto& site = from.site.fields;
  const auto& host = from.host.fields;
  sessions::Destination to;
  to.site = from.site.id;
  to.site_name = site.name;
  to.host = from.host.id;
  to.host_name = host.name;
  to.address = host.address;
  to.port = static_cast<std::uint32_t>(host.port);
  to.protocol = hosts::name(host.protocol);
  to.networks = site.networks;
  to.host_keys = host.host_keys;
  to.host_cas = host.host_cas;
  to.first_use = host.first_use;
  to.gateways = std::move(from.gateways);
  to.credential = from.credential.id;
  to.credential_name = from.credential.fields.name;
  to.secret = std::move(from.secret);
  to.idle = site.idle;
  to.total = site.total;
  to.rights = site.session_rights;
  to.record = site.record;
  to.record_input = site.record_input;
  to.disk_full = sites::name(site.disk_full);
  to.recording_days = site.recording_days;
  return to;
}

Outcome trust(Core& core, const access::Actor& actor, const std::string& host,
              const std::string& key, Inventory::Pin how) {
  const auto pin = how == Inventory::Pin::replace ? hosts::Pin::replace : hosts::Pin::add;
  const auto changed = TRY(hosts::trust_key(inventory_of(core), actor, host, key, pin));
  if (changed.now) return {};
  const auto detail = changed.problems.empty() ? "" : changed.problems.front().detail;
  return Error{changed.code, "host key: " + detail};
}

Outcome may_change(Core& core, const access::Actor& actor, const std::string& id) {
  return core.store.read([&](store::Transaction& transaction) -> Outcome {
    const auto host = TRY(hosts::read(transaction, id));
    TRY(access::authorise(transaction, actor, access::Action::hosts_write,
                          {"host", id, host.fields.site}, core.clock.now()));
    return {};
  });
}

}  // namespace

Inventory sessions_inventory(Core& core) {
  return {[&core](const access::Actor& actor,
                  const Inventory::Wanted& wanted) -> Result<Inventory::Answer> {
            auto found = TRY(credentials::destination_of(inventory_of(core), actor, wanted.host,
                                                         wanted.credential, wanted.reason));
            if (found.obstacle) return Inventory::Answer{response_of(found)};
            return Inventory::Answer{destination_of(std::move(found))};
          },
          [&core](const access::Actor& actor, const std::string& host, const std::string& key,
                  Inventory::Pin how) { return trust(core, actor, host, key, how); },
          [&core](const access::Actor& actor, const std::string& host) {
            return may_change(core, actor, host);
          }};
}

}  // namespace sp::api
