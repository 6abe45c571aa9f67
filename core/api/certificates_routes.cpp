#include "base/bytes/bytes.h"
#include "base/log/log.h"
#include "certs/advise/advise.h"
#include "core/api/feature_routes.h"
#include "core/api/internal/json.h"
#include "core/certificates/trust.h"
#include "core/certificates/watch.h"

namespace sp::api {
namespace {

using access::Action;
using SiteCa = std::optional<std::filesystem::path>;

Json to_json(const certificates::Watched& watched) {
  const auto& it = watched.certificate;
  const bool of_core = it.owner.empty();
  return {
      {"owner", of_core ? Json(nullptr) : Json({{"id", it.owner}, {"name", watched.owner_name}})},
      {"place", certificates::name(it.place)},
      {"names", it.names},
      {"issuer", it.issuer},
      {"not_before", rfc3339(it.not_before)},
      {"not_after", rfc3339(it.not_after)},
      {"days_left", watched.verdict.days_left},
      {"light", certificates::name(watched.verdict.light)},
      {"reason", watched.verdict.reason},
      {"renewed_by", it.renewed_by},
      {"fingerprint", bytes::hex(it.fingerprint)},
      {"pin", bytes::hex(it.pin)},
      {"seen_at", rfc3339(it.seen_at)}};
}

Result<Response> list(Core& core, Request& request) {
  TRY(access::authorise(request.actor, Action::certificates_read));
  Json items = Json::array();
  for (const auto& one : TRY(certificates::list(core.store, core.site_url, core.clock.now())))
    items.push_back(to_json(one));
  return json_response({{"items", std::move(items)}, {"next", nullptr}});
}

constexpr std::size_t most_hosts = 100;
constexpr std::int64_t most_servers = 10'000;

std::vector<certs::Host> hosts_of(Members& in) {
  std::vector<certs::Host> hosts;
  const auto* list = in.raw("hosts");
  if (list == nullptr || !list->is_array() || list->size() > most_hosts) {
    in.refuse("hosts", "must be a list of at most 100 names");
    return hosts;
  }
  for (const auto& one : *list) {
    const auto text = one.is_string() ? one.get<std::string>() : std::string{};
    auto host = certs::Host::of_url(text);
    if (host) {
      hosts.push_back(std::move(*host));
      continue;
    }
    in.refuse("hosts", "must be names, addresses or https URLs");
    break;
  }
  return hosts;
}

certs::Situation situation_of(Members& in) {
  certs::Situation out;
  out.from_outside = in.flag("from_outside");
  out.unmanaged_devices = in.flag("unmanaged_devices");
  out.domain_joined = in.flag("domain_joined");
  out.has_internal_ca = in.flag("has_internal_ca");
  out.few_users = in.flag("few_users");
  out.other_servers = static_cast<unsigned>(in.integer("other_servers", 0, most_servers));
  out.remote_sites = static_cast<unsigned>(in.integer("remote_sites", 0, most_servers));
  out.hosts = hosts_of(in);
  return out;
}

std::string_view code_of(certs::Kind kind) {
  switch (kind) {
    case certs::Kind::self_signed:
      return "self_signed";
    case certs::Kind::internal:
      return "internal";
    case certs::Kind::online:
      return "public";
  }
  return "";
}
std::string_view code_of(certs::Wildcard wildcard) {
  switch (wildcard) {
    case certs::Wildcard::no:
      return "no";
    case certs::Wildcard::useful:
      return "useful";
    case certs::Wildcard::required:
      return "required";
  }
  return "";
}

Result<Response> advise(Request& request) {
  TRY(access::authorise(request.actor, Action::certificates_read));
  const auto situation = body_of(request, situation_of);
  if (!situation) return situation.error();
  const auto advice = certs::advise(*situation);
  return json_response({{"kind", code_of(advice.kind)},
                        {"wildcard", code_of(advice.wildcard)},
                        {"reasons", advice.reasons},
                        {"problems", advice.problems},
                        {"commands", advice.commands}});
}

// A root that is configured and cannot be read is the administrator's matter: the log says why, and
// a stranger sees that there is none.
std::optional<certificates::Root> root_of(const SiteCa& site_ca) {
  if (!site_ca) return std::nullopt;
  auto root = certificates::read_root(*site_ca);
  if (root) return std::move(*root);
  log::warning("site_ca", {{"detail", root.error().detail()}});
  return std::nullopt;
}

Result<Response> show_trust(const SiteCa& site_ca, Request& request) {
  TRY(access::authorise(request.actor, Action::trust_read));
  const auto root = root_of(site_ca);
  if (!root) return json_response({{"root", nullptr}});
  return json_response({{"root",
                         {{"subject", root->facts.subject},
                          {"not_after", rfc3339(root->facts.not_after)},
                          {"fingerprint", bytes::hex(root->facts.fingerprint)}}}});
}

Result<Response> download_root(const SiteCa& site_ca, Request& request) {
  TRY(access::authorise(request.actor, Action::trust_read));
  const auto root = root_of(site_ca);
  if (!root) return problem(Code::not_found, "No root is configured: set [certificates] site_ca.");
  Response response;
  response.type = "application/x-x509-ca-cert";
  response.body = root->pem;
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"sallyport-root.crt\"");
  return response;
}

}  // namespace

void add_certificate_routes(Router& router, Core& core, SiteCa site_ca) {
  router.add({Method::get, "/certificates", Action::certificates_read,
              [&core](Request& request) { return list(core, request); }});
  router.add({Method::post, "/certificates/advice", Action::certificates_read,
              [](Request& request) { return advise(request); }, Body::json});
  router.add({Method::get, "/trust", Action::trust_read,
              [site_ca](Request& request) { return show_trust(site_ca, request); }});
  router.add({Method::get, "/trust/root.crt", Action::trust_read,
              [site_ca](Request& request) { return download_root(site_ca, request); }});
}

}  // namespace sp::api
