#include "core/api/feature_routes.h"
#include "core/api/idempotency.h"
#include "core/api/inventory_json.h"
#include "core/credentials/credential.h"
#include "core/hosts/host.h"
#include "core/hosts/import.h"
#include "core/hosts/public_key.h"

namespace sp::api {
namespace {

using access::Action;
using hosts::Host;

Json fingerprints(const std::vector<std::string>& keys) {
  Json out = Json::array();
  for (const auto& line : keys) {
    const auto key = hosts::parse_public_key(line);
    out.push_back(key ? key->fingerprint : "");
  }
  return out;
}

Json to_json(const Host& host) {
  const auto& it = host.fields;
  return {{"id", host.id},
          {"name", it.name},
          {"site", named(it.site, host.site_name)},
          {"address", it.address},
          {"port", it.port},
          {"protocol", hosts::name(it.protocol)},
          {"type", it.type},
          {"operating_system", it.operating_system},
          {"folder", it.folder},
          {"tags", it.tags},
          {"notes", it.notes},
          {"host_keys", it.host_keys},
          {"host_key_fingerprints", fingerprints(it.host_keys)},
          {"host_cas", it.host_cas},
          {"first_use", it.first_use},
          {"rights", shape(host.rights)},
          {"revision", host.revision},
          {"created_at", rfc3339(host.created_at)},
          {"changed_at", rfc3339(host.changed_at)}};
}

std::optional<hosts::Protocol> protocol_of(Members& members) {
  const auto text = members.maybe_text("protocol", {1, 16});
  if (!text) return std::nullopt;
  const auto protocol = hosts::protocol_named(*text);
  if (!protocol) members.refuse("protocol", "ssh, rdp, telnet or vnc");
  return protocol;
}

// What several hosts can have alike.
hosts::Change alike_of(Members& members) {
  hosts::Change out;
  out.site = members.maybe_text("site", {1, 64});
  out.type = members.maybe_text("type", {0, 50});
  out.operating_system = members.maybe_text("operating_system", {0, 50});
  out.folder = members.maybe_text("folder", {0, 500});
  out.notes = members.maybe_text("notes", {0, 10'000, true});
  out.first_use = members.maybe_flag("first_use");
  return out;
}

hosts::Change change_of(Members& members) {
  auto out = alike_of(members);
  out.name = members.maybe_text("name", {1, 200});
  out.address = members.maybe_text("address", {0, 253});
  out.port = members.maybe_integer("port", 1, 65535);
  out.protocol = protocol_of(members);
  out.tags = maybe_texts(members, "tags", {1, 64}, 32);
  out.host_keys = maybe_texts(members, "host_keys", {1, hosts::longest_public_key}, 32);
  out.host_cas = maybe_texts(members, "host_cas", {1, hosts::longest_public_key}, 32);
  return out;
}

void read_tag_changes(Members& members, hosts::Change& out) {
  out.add_tags = maybe_texts(members, "add_tags", {1, 64}, 32);
  out.remove_tags = maybe_texts(members, "remove_tags", {1, 64}, 32);
}

hosts::Change bulk_change_of(Members& members) {
  auto out = alike_of(members);
  read_tag_changes(members, out);
  return out;
}

hosts::Filter filter_of(const Request& request, std::vector<FieldProblem>& wrong) {
  hosts::Filter out;
  out.part = request.asked("q").value_or("");
  out.site = request.asked("site").value_or("");
  out.tag = request.asked("tag").value_or("");
  out.folder = request.asked("folder");
  const auto protocol = request.asked("protocol").value_or("");
  if (protocol.empty()) return out;
  out.protocol = hosts::protocol_named(protocol);
  if (!out.protocol) wrong.push_back({"protocol", "ssh, rdp, telnet or vnc"});
  return out;
}

Result<Response> list(Core& core, Request& request) {
  std::vector<FieldProblem> wrong;
  const auto filter = filter_of(request, wrong);
  if (!wrong.empty()) return problem(Code::invalid_input, {}, std::move(wrong));
  const auto page = TRY(page_of(request));
  const auto found =
      TRY(hosts::list(inventory_of(core), request.actor, filter, page.after, page.limit));
  return page_response(found, page.limit, hosts::key_of, to_json);
}

Result<Response> create(Core& core, Request& request) {
  const auto wanted = body_of(request, [](Members& members) {
    need(members, {"name", "site"});
    return change_of(members);
  });
  if (!wanted) return wanted.error();
  return once(core, request, bytes::of(request.body), [&](const Keep&) {
    return answer_of<Host>(hosts::add(inventory_of(core), request.actor, *wanted), 201, to_json);
  });
}

Result<Response> show(Core& core, Request& request) {
  const auto host = TRY(hosts::find(inventory_of(core), request.actor, request.parameter("id")));
  return json_response(to_json(host));
}

Result<Response> change(Core& core, Request& request) {
  const auto body = body_of(request, [](Members& members) {
    auto out = change_of(members);
    read_tag_changes(members, out);
    return std::pair{std::move(out), revision_of(members)};
  });
  if (!body) return body.error();
  const auto& [wanted, revision] = *body;
  return answer_of<Host>(
      hosts::change(inventory_of(core), request.actor, request.parameter("id"), wanted, revision),
      200, to_json);
}

Result<Response> remove(Core& core, Request& request) {
  TRY(hosts::remove(inventory_of(core), request.actor, request.parameter("id")));
  return no_content();
}

Result<Response> bulk(Core& core, Request& request) {
  const auto many =
      body_of(request, [](Members& members) { return bulk_of(members, bulk_change_of); });
  if (!many) return many.error();
  const auto context = inventory_of(core);
  return bulk_response(many->ids, [&](const std::string& id) {
    return many->remove ? wrong_of(hosts::remove(context, request.actor, id))
                        : wrong_of(hosts::change(context, request.actor, id, many->change));
  });
}

Result<Response> folders(Core& core, Request& request) {
  const auto found =
      TRY(hosts::folders(inventory_of(core), request.actor, request.asked("site").value_or("")));
  Json items = Json::array();
  for (const auto& folder : found)
    items.push_back({{"site", folder.site}, {"folder", folder.name}, {"hosts", folder.hosts}});
  return json_response({{"items", std::move(items)}});
}

using Usable = std::vector<credentials::Credential>;

Result<Usable> usable(Core& core, const access::Actor& actor, std::string_view id) {
  return core.store.read([&](store::Transaction& transaction) -> Result<Usable> {
    const auto host = TRY(hosts::read(transaction, id));
    const auto now = core.clock.now();
    const access::Guarded guarded{"host", id, host.fields.site};
    TRY(access::authorise(transaction, actor, Action::hosts_use, guarded, now));
    return credentials::usable(transaction, actor, host, now);
  });
}

// Which credentials the caller may use there.
Result<Response> credentials_for(Core& core, Request& request) {
  Json items = Json::array();
  for (const auto& one : TRY(usable(core, request.actor, request.parameter("id"))))
    items.push_back({{"id", one.id},
                     {"name", one.fields.name},
                     {"login", one.fields.login},
                     {"kind", credentials::name(one.fields.kind)}});
  return json_response({{"items", std::move(items)}});
}

Result<Response> import(Core& core, Request& request) {
  return import_response(request, [&](std::string_view text, const auto& options) {
    return hosts::import_csv(inventory_of(core), request.actor, text, options);
  });
}

constexpr std::string_view csv_head =
    "site,name,address,port,protocol,type,operating_system,folder,tags,notes,host_keys,host_cas,"
    "first_use\r\n";

std::string csv(const Host& host) {
  const auto& it = host.fields;
  return csv_line({host.site_name, it.name, it.address, std::to_string(it.port),
                   std::string{hosts::name(it.protocol)}, it.type, it.operating_system, it.folder,
                   joined(it.tags, ","), it.notes, joined(it.host_keys, "\n"),
                   joined(it.host_cas, "\n"), it.first_use ? "true" : "false"});
}

Result<Response> export_all(Core& core, Request& request) {
  TRY(access::allowed(request.actor, Action::hosts_read));
  std::vector<FieldProblem> wrong;
  const auto filter = filter_of(request, wrong);
  const auto page = [&core, actor = request.actor, filter](const std::string& after, int limit) {
    return hosts::list(inventory_of(core), actor, filter, after, limit);
  };
  return export_list<Host>(core, request, {"hosts", csv_head, csv, to_json, hosts::key_of, page},
                           std::move(wrong));
}

}  // namespace

void add_host_routes(Router& router, Core& core) {
  const auto add = [&](Method method, const char* pattern, Action action, auto handler,
                       Body body = Body::none) {
    router.add({method, pattern, action,
                [&core, handler](Request& request) { return handler(core, request); }, body});
  };
  add(Method::get, "/hosts", Action::hosts_read, list);
  add(Method::post, "/hosts", Action::hosts_write, create, Body::json);
  add(Method::get, "/hosts/export", Action::hosts_read, export_all);
  add(Method::get, "/hosts/folders", Action::hosts_read, folders);
  add(Method::post, "/hosts/import", Action::hosts_write, import, Body::stream);
  add(Method::post, "/hosts/bulk", Action::hosts_write, bulk, Body::json);
  add(Method::get, "/hosts/{id}", Action::hosts_read, show);
  add(Method::patch, "/hosts/{id}", Action::hosts_write, change, Body::json);
  add(Method::del, "/hosts/{id}", Action::hosts_write, remove);
  add(Method::get, "/hosts/{id}/credentials", Action::hosts_use, credentials_for);
}

}  // namespace sp::api
