#include "core/credentials/destination.h"

#include <algorithm>
#include <array>

namespace sp::credentials {
namespace {

using access::Action;

struct Told {
  std::string_view words, field;
};
constexpr std::array told{
    Told{"The site asks for a reason.", "reason"},
    Told{"The site is in its maintenance window: no session begins in it.", ""},
    Told{"No enrolled gateway belongs to the host's site.", ""},
    Told{"No credential that you may use fits this host.", ""},
    Told{"Several credentials fit this host: choose one.", "credential"},
    Told{"Sessions speak SSH; this host has another protocol.", ""},
};

Result<std::vector<edges::Edge>> gateways_of(store::Transaction& transaction,
                                             const sites::Site& site) {
  std::vector<edges::Edge> out;
  for (const auto& id : site.fields.gateways) {
    auto edge = TRY(edges::read(transaction, id));
    if (edge.state == edges::State::enrolled) out.push_back(std::move(edge));
  }
  return out;
}

std::optional<Obstacle> obstacle_of(const Destination& destination, std::string_view reason,
                                    Instant now) {
  if (destination.host.fields.protocol != hosts::Protocol::ssh) return Obstacle::protocol;
  const auto& site = destination.site.fields;
  if (sites::in_maintenance(site, now)) return Obstacle::maintenance;
  if (destination.gateways.empty()) return Obstacle::no_gateway;
  if (site.reason_required && reason.empty()) return Obstacle::reason_needed;
  return std::nullopt;
}

// The one that was asked for, or the only one that fits.
Outcome choose(const Context& context, store::Transaction& transaction, const access::Actor& actor,
               std::string_view wanted, Destination& out) {
  const auto now = context.clock.now();
  if (!wanted.empty()) {
    out.credential = TRY(read(transaction, wanted));
    const access::Guarded guarded{"credential", wanted, out.credential.fields.site};
    TRY(access::authorise(transaction, actor, Action::credentials_use, guarded, now));
    if (!fits(out.credential.fields, out.host))
      return Error{Code::forbidden, "credential: not for this host"};
    return {};
  }
  auto choices = TRY(usable(transaction, actor, out.host, now));
  if (choices.size() == 1) {
    out.credential = std::move(choices.front());
    return {};
  }
  out.obstacle = choices.empty() ? Obstacle::no_credential : Obstacle::several_credentials;
  out.choices = std::move(choices);
  return {};
}

Bytes copy_of(const Secret& secret) {
  return bytes::copy(secret.expose());
}

Outcome open_into(const Context& context, store::Transaction& transaction,
                  const access::Actor& actor, Destination& out) {
  const auto& fields = out.credential.fields;
  const auto permit =
      TRY(access::authorise(transaction, actor, Action::credentials_use,
                            {"credential", out.credential.id, fields.site}, context.clock.now()));
  const auto opened = TRY(open(context, transaction, permit, out.credential.id));
  out.secret = {fields.login,
                std::string{name(fields.kind)},
                copy_of(opened.password),
                copy_of(opened.private_key),
                copy_of(opened.passphrase),
                bytes::copy(bytes::of(fields.certificate))};
  return {};
}

audit::Entry used(const access::Actor& actor, const Destination& out, std::string_view reason) {
  audit::Details details{{audit::Detail::host, out.host.fields.name},
                         {audit::Detail::site, out.site.fields.name},
                         {audit::Detail::login, out.credential.fields.login}};
  if (!reason.empty()) details.emplace_back(audit::Detail::reason_given, reason);
  return inventory::entry(audit::Event::credential_used, actor,
                          {"credential", out.credential.id, out.credential.fields.name},
                          std::move(details));
}

}  // namespace

std::string_view words(Obstacle obstacle) {
  return told[static_cast<std::size_t>(obstacle)].words;
}
std::string_view field(Obstacle obstacle) {
  return told[static_cast<std::size_t>(obstacle)].field;
}

Result<Destination> destination_of(const Context& context, const access::Actor& actor,
                                   std::string_view host, std::string_view credential,
                                   std::string_view reason) {
  return context.store.write([&](store::Transaction& transaction) -> Result<Destination> {
    const auto now = context.clock.now();
    Destination out;
    out.host = TRY(hosts::read(transaction, host));
    TRY(access::authorise(transaction, actor, Action::hosts_use,
                          {"host", host, out.host.fields.site}, now));
    out.site = TRY(sites::read(transaction, out.host.fields.site));
    out.gateways = TRY(gateways_of(transaction, out.site));
    out.obstacle = obstacle_of(out, reason, now);
    if (out.obstacle) return out;
    TRY(choose(context, transaction, actor, credential, out));
    if (out.obstacle) return out;
    TRY(open_into(context, transaction, actor, out));
    TRY(context.audit.append(transaction, used(actor, out, reason)));
    return out;
  });
}

}  // namespace sp::credentials
