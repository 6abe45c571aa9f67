#include "core/api/feature_routes.h"
#include "core/api/inventory_json.h"
#include "core/permissions/permission.h"

namespace sp::api {
namespace {

using access::Action;
using permissions::Object;
using permissions::Permission;

Json to_json(const Permission& one) {
  return {{"person", {{"id", one.person}, {"login", one.login}, {"name", one.name}}},
          {"rights", shape(one.rights)},
          {"until", shape(one.until)},
          {"given_by", one.given_by},
          {"given_at", rfc3339(one.given_at)}};
}

access::Rights rights_of(Members& members) {
  access::Rights out;
  const auto names = maybe_texts(members, "rights", {1, 16}, 3);
  if (!names) members.refuse("rights", "is needed: use, see, change");
  for (const auto& name : names.value_or(std::vector<std::string>{})) {
    const auto right = access::right_named(name);
    if (right)
      out = out | *right;
    else
      members.refuse("rights", "use, see, change");
  }
  return out;
}

std::optional<Instant> until_of(Members& members) {
  const auto text = members.maybe_text("until", {1, 40});
  if (!text) return std::nullopt;
  const auto at = parse_rfc3339(*text);
  if (at) return *at;
  members.refuse("until", "must be a time such as 2026-11-23T22:26:03Z, or null for ever");
  return std::nullopt;
}

Result<Response> list(Core& core, std::string_view kind, Request& request) {
  const auto id = request.parameter("id");
  const auto permit = TRY(access::authorise(request.actor, Action::permissions_read));
  const auto found = TRY(permissions::list(inventory_of(core), permit, {kind, id}));
  return json_response({{"items", items_of(found, to_json)}, {"next", nullptr}});
}

Result<Response> give(Core& core, std::string_view kind, Request& request) {
  const Object object{kind, request.parameter("id")};
  const auto permit = TRY(access::authorise(request.actor, Action::permissions_write));
  const auto wanted = body_of(request, [](Members& members) {
    return std::pair{rights_of(members), until_of(members)};
  });
  if (!wanted) return wanted.error();
  const auto& [rights, until] = *wanted;
  return answer_of<Permission>(permissions::give(inventory_of(core), permit, object,
                                                 request.parameter("person"), rights, until),
                               200, to_json);
}

Result<Response> take(Core& core, std::string_view kind, Request& request) {
  const Object object{kind, request.parameter("id")};
  const auto permit = TRY(access::authorise(request.actor, Action::permissions_write));
  TRY(permissions::take(inventory_of(core), permit, object, request.parameter("person")));
  return no_content();
}

}  // namespace

void add_permission_routes(Router& router, Core& core) {
  for (const std::string kind : {"site", "host", "credential"}) {
    const auto all = "/" + kind + "s/{id}/permissions";
    const auto one = all + "/{person}";
    router.add({Method::get, all, Action::permissions_read,
                [&core, kind](Request& request) { return list(core, kind, request); }});
    router.add({Method::put, one, Action::permissions_write,
                [&core, kind](Request& request) { return give(core, kind, request); }, Body::json});
    router.add({Method::del, one, Action::permissions_write,
                [&core, kind](Request& request) { return take(core, kind, request); }});
  }
}

}  // namespace sp::api
