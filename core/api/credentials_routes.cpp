#include "core/api/feature_routes.h"
#include "core/api/idempotency.h"
#include "core/api/inventory_json.h"
#include "core/credentials/credential.h"
#include "core/credentials/import.h"
#include "core/hosts/public_key.h"

namespace sp::api {
namespace {

using access::Action;
using credentials::Credential;

Json to_json(const Credential& credential) {
  const auto& it = credential.fields;
  return {{"id", credential.id},
          {"name", it.name},
          {"login", it.login},
          {"kind", credentials::name(it.kind)},
          {"site", named(it.site, credential.site_name)},
          {"hosts", it.hosts},
          {"hosts_except", it.hosts_except},
          {"notes", it.notes},
          {"has_passphrase", it.has_passphrase},
          {"certificate", text_or_null(it.certificate)},
          {"rights", shape(credential.rights)},
          {"revision", credential.revision},
          {"created_at", rfc3339(credential.created_at)},
          {"changed_at", rfc3339(credential.changed_at)}};
}

// Absent: stays; null: none.
std::optional<std::string> maybe_none(Members& members, const std::string& name,
                                      const TextRule& rule) {
  return members.is_null(name) ? std::optional<std::string>{""} : members.maybe_text(name, rule);
}

std::optional<credentials::Kind> kind_of(Members& members) {
  const auto text = members.maybe_text("kind", {1, 16});
  if (!text) return std::nullopt;
  const auto kind = credentials::kind_named(*text);
  if (!kind) members.refuse("kind", "password, key or certificate");
  return kind;
}

// What several credentials can have alike.
credentials::Change alike_of(Members& members) {
  credentials::Change out;
  out.site = maybe_none(members, "site", {1, 64});
  out.hosts = maybe_texts(members, "hosts", {1, 200}, 64);
  out.hosts_except = maybe_texts(members, "hosts_except", {1, 200}, 64);
  out.notes = members.maybe_text("notes", {0, 10'000, true});
  return out;
}

credentials::Change change_of(Members& members) {
  auto out = alike_of(members);
  out.name = members.maybe_text("name", {1, 200});
  out.login = members.maybe_text("login", {1, 200});
  out.kind = kind_of(members);
  out.certificate = maybe_none(members, "certificate", {1, hosts::longest_public_key, true});
  out.password = members.maybe_secret("password", {1, credentials::longest_password});
  out.private_key =
      members.maybe_secret("private_key", {1, credentials::longest_private_key, true});
  out.passphrase = members.is_null("passphrase")
                       ? std::optional{Secret{}}
                       : members.maybe_secret("passphrase", {1, credentials::longest_password});
  return out;
}

credentials::Filter filter_of(const Request& request) {
  return {request.asked("q").value_or(""), request.asked("site").value_or("")};
}

Result<Response> list(Core& core, Request& request) {
  const auto page = TRY(page_of(request));
  const auto found = TRY(credentials::list(inventory_of(core), request.actor, filter_of(request),
                                           page.after, page.limit));
  return page_response(found, page.limit, credentials::key_of, to_json);
}

Result<Response> create(Core& core, Request& request) {
  const auto wanted = body_of(request, [](Members& members) {
    need(members, {"name", "login", "kind"});
    return change_of(members);
  });
  if (!wanted) return wanted.error();
  return once(core, request, bytes::of(request.body), [&](const Keep&) {
    return answer_of<Credential>(credentials::add(inventory_of(core), request.actor, *wanted), 201,
                                 to_json);
  });
}

Result<Response> show(Core& core, Request& request) {
  const auto credential =
      TRY(credentials::find(inventory_of(core), request.actor, request.parameter("id")));
  return json_response(to_json(credential));
}

Result<Response> change(Core& core, Request& request) {
  const auto body = body_of(request, [](Members& members) {
    return std::pair{change_of(members), revision_of(members)};
  });
  if (!body) return body.error();
  const auto& [wanted, revision] = *body;
  return answer_of<Credential>(credentials::change(inventory_of(core), request.actor,
                                                   request.parameter("id"), wanted, revision),
                               200, to_json);
}

Result<Response> remove(Core& core, Request& request) {
  TRY(credentials::remove(inventory_of(core), request.actor, request.parameter("id")));
  return no_content();
}

Json secret_or_null(const Secret& secret) {
  return secret.empty() ? Json(nullptr) : Json(std::string{bytes::text(secret.expose())});
}

// The audit event is durable before the answer is made.
Result<Response> reveal(Core& core, Request& request) {
  const auto reason = body_of(request, [](Members& members) {
    return members.maybe_text("reason", {0, 200}).value_or("");
  });
  if (!reason) return reason.error();
  const auto shown =
      TRY(credentials::reveal(inventory_of(core), request.actor, request.parameter("id"), *reason));
  return json_response({{"login", shown.credential.fields.login},
                        {"password", secret_or_null(shown.secrets.password)},
                        {"private_key", secret_or_null(shown.secrets.private_key)},
                        {"passphrase", secret_or_null(shown.secrets.passphrase)},
                        {"certificate", text_or_null(shown.credential.fields.certificate)}});
}

Result<Response> bulk(Core& core, Request& request) {
  const auto many = body_of(request, [](Members& members) { return bulk_of(members, alike_of); });
  if (!many) return many.error();
  const auto context = inventory_of(core);
  return bulk_response(many->ids, [&](const std::string& id) {
    return many->remove ? wrong_of(credentials::remove(context, request.actor, id))
                        : wrong_of(credentials::change(context, request.actor, id, many->change));
  });
}

Result<Response> import(Core& core, Request& request) {
  return import_response(request, [&](std::string_view text, const auto& options) {
    return credentials::import_csv(inventory_of(core), request.actor, text, options);
  });
}

constexpr std::string_view csv_head =
    "site,name,login,kind,hosts,hosts_except,notes,certificate\r\n";

std::string csv(const Credential& credential) {
  const auto& it = credential.fields;
  return csv_line({credential.site_name, it.name, it.login, std::string{credentials::name(it.kind)},
                   joined(it.hosts, ","), joined(it.hosts_except, ","), it.notes, it.certificate});
}

Result<Response> export_all(Core& core, Request& request) {
  TRY(access::allowed(request.actor, Action::credentials_read));
  const auto page = [&core, actor = request.actor, filter = filter_of(request)](
                        const std::string& after, int limit) {
    return credentials::list(inventory_of(core), actor, filter, after, limit);
  };
  return export_list<Credential>(
      core, request, {"credentials", csv_head, csv, to_json, credentials::key_of, page});
}

}  // namespace

void add_credential_routes(Router& router, Core& core) {
  const auto add = [&](Method method, const char* pattern, Action action, auto handler,
                       Body body = Body::none) {
    router.add({method, pattern, action,
                [&core, handler](Request& request) { return handler(core, request); }, body});
  };
  add(Method::get, "/credentials", Action::credentials_read, list);
  add(Method::post, "/credentials", Action::credentials_write, create, Body::json);
  add(Method::get, "/credentials/export", Action::credentials_read, export_all);
  add(Method::post, "/credentials/import", Action::credentials_write, import, Body::stream);
  add(Method::post, "/credentials/bulk", Action::credentials_write, bulk, Body::json);
  add(Method::get, "/credentials/{id}", Action::credentials_read, show);
  add(Method::patch, "/credentials/{id}", Action::credentials_write, change, Body::json);
  add(Method::del, "/credentials/{id}", Action::credentials_write, remove);
  add(Method::post, "/credentials/{id}/reveal", Action::credentials_see, reveal, Body::json);
}

}  // namespace sp::api
