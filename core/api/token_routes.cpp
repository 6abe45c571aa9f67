#include <tuple>

#include "core/api/internal/json.h"
#include "core/api/internal/shapes.h"
#include "core/api/routes.h"

namespace sp::api {
namespace {

using access::Action;

Json shape_of(const people::Token& token) {
  return {{"id", token.id},
          {"name", token.name},
          {"scope", access::name(token.scope)},
          {"owner", {{"id", token.person}, {"login", token.login}, {"name", token.person_name}}},
          {"created_at", rfc3339(token.created_at)},
          {"expires_at", shape(token.expires_at)},
          {"last_used_at", shape(token.last_used_at)}};
}

Result<Response> list(Core& core, Request& request) {
  const bool all = request.asked("all") == "true";
  const auto& actor = request.actor;
  const auto permit = TRY(access::authorise(
      actor, Action::tokens_read, {"token", "", all ? std::string_view{} : actor.person}));
  const auto page = TRY(page_of(request));
  const auto found = TRY(core.people.tokens(permit, all, page.after, page.limit));
  return page_response(
      found, page.limit, [](const auto& last) { return last.id; }, shape_of);
}

std::optional<Duration> life_of(Members& members) {
  const auto text = members.maybe_text("expires_in", {1, 20});
  if (!text) return std::nullopt;
  const auto life = parse_duration(*text);
  if (life && *life > Duration{0}) return *life;
  members.refuse("expires_in", "must be a duration such as 90d");
  return std::nullopt;
}

Result<Response> create(Core& core, Request& request) {
  const auto permit = TRY(
      access::authorise(request.actor, Action::tokens_write, {"token", "", request.actor.person}));
  const auto wanted = body_of(request, [](Members& members) {
    auto name = members.text("name", {1, 100});
    const auto scope = access::scope_named(members.text("scope"));
    if (!scope)
      members.refuse("scope", "must be admin, sessions:use, messages:write or messages:read");
    return std::tuple{std::move(name), scope.value_or(access::Scope::messages_read),
                      life_of(members)};
  });
  if (!wanted) return wanted.error();
  const auto& [name, scope, life] = *wanted;
  const auto made = TRY(core.people.create_token(permit, name, scope, life));
  return json_response({{"token", shape_of(made.token)}, {"secret", made.secret}}, 201);
}

Result<Response> revoke(Core& core, Request& request) {
  TRY(core.people.revoke_token(request.actor, request.parameter("id")));
  return no_content();
}

}  // namespace

void add_token_routes(Router& router, Core& core) {
  router.add(
      {Method::get, "/tokens", Action::tokens_read, [&core](Request& r) { return list(core, r); }});
  router.add({Method::post, "/tokens", Action::tokens_write,
              [&core](Request& r) { return create(core, r); }, Body::json});
  router.add({Method::del, "/tokens/{id}", Action::tokens_write,
              [&core](Request& r) { return revoke(core, r); }});
}

}  // namespace sp::api
