#include "core/api/feature_routes.h"
#include "core/api/internal/json.h"

namespace sp::api {
namespace {

using access::Action;

edges::Context context_of(Core& core) {
  return {core.store, core.keyring, core.audit, core.clock, core.random};
}

// An edge that another core's link serves, or that was added a moment ago, has no health here.
pushpull::LinkHealth unknown_health(const edges::Edge& edge) {
  pushpull::LinkHealth health;
  health.light = pushpull::Light::amber;
  health.reason = edge.state == edges::State::waiting
                      ? "The edge has not been enrolled yet: run `sallyport-" + edge.kind +
                            " enrol` with its kit there."
                      : "The link is being started.";
  return health;
}

Json to_json(const edges::Edge& edge, const edges::Supervisor& supervisor, bool administrator) {
  const auto health = supervisor.health(edge.id).value_or(unknown_health(edge));
  const bool met = health.last_contact.has_value();
  return {{"id", edge.id},
          {"name", edge.name},
          {"kind", edge.kind},
          {"public_url", edge.public_url},
          {"intake_url", administrator ? Json(edge.intake_url) : Json(nullptr)},
          {"state", edges::name(edge.state)},
          {"light", pushpull::name(health.light)},
          {"reason", health.light == pushpull::Light::green ? "" : health.reason},
          {"last_contact", met ? Json(rfc3339(*health.last_contact)) : Json(nullptr)},
          {"clock_skew_ms", met ? Json(health.clock_skew.count()) : Json(nullptr)},
          {"items_waiting", health.items_waiting},
          {"events_waiting", met ? Json(health.events_waiting) : Json(nullptr)},
          {"version", met ? Json(health.version) : Json(nullptr)},
          {"certificate_days_left",
           health.certificate_days_left ? Json(*health.certificate_days_left) : Json(nullptr)}};
}

bool is_administrator(const Request& request) {
  return request.actor.role == access::Role::administrator;
}

Result<Response> list(Core& core, edges::Supervisor& supervisor, Request& request) {
  TRY(access::authorise(request.actor, Action::edges_read, {"edge", "", ""}));
  Json items = Json::array();
  for (const auto& edge : TRY(edges::list(core.store)))
    items.push_back(to_json(edge, supervisor, is_administrator(request)));
  return json_response({{"items", std::move(items)}, {"next", nullptr}});
}

Result<Response> show(Core& core, edges::Supervisor& supervisor, Request& request) {
  const auto edge = TRY(edges::find(core.store, request.parameter("id")));
  TRY(access::authorise(request.actor, Action::edges_read, {"edge", edge.id, ""}));
  return json_response(to_json(edge, supervisor, is_administrator(request)));
}

Json kit_json(const edges::Added& added) {
  return {{"id", added.edge.id}, {"kit", std::string{bytes::text(added.kit.expose())}}};
}

Result<Response> add(Core& core, edges::Supervisor& supervisor, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::edges_write, {"edge", "", ""}));
  auto body = TRY(parse_json(request.body));
  Members members{body};
  edges::NewEdge wanted{members.text("name", {1, 64}), members.text("kind", {1, 32}),
                        members.text("public_url", {1, 500}), members.text("intake_url", {1, 500})};
  auto problems = members.done();
  if (problems.empty())
    for (auto& one : edges::problems(wanted)) problems.push_back({one.field, one.detail});
  if (!problems.empty()) return problem(Code::invalid_input, {}, std::move(problems));

  const auto added = edges::add(context_of(core), permit, wanted);
  if (!added && added.error().code() == Code::conflict)
    return problem(Code::conflict, "Another site has this name.", {{"name", "is taken"}});
  if (!added) return added.error();
  supervisor.refresh();
  return json_response(kit_json(*added), 201);
}

Result<Response> renew_kit(Core& core, Request& request) {
  const auto id = request.parameter("id");
  const auto permit = TRY(access::authorise(request.actor, Action::edges_write, {"edge", id, ""}));
  const auto renewed = edges::renew_kit(context_of(core), permit, id);
  if (!renewed && renewed.error().code() == Code::conflict)
    return problem(Code::conflict,
                   "The site is enrolled already. Remove it and add it again to start over.");
  if (!renewed) return renewed.error();
  return json_response(kit_json(*renewed));
}

Result<Response> remove(Core& core, edges::Supervisor& supervisor, edges::Traffic& traffic,
                        Request& request) {
  const auto id = request.parameter("id");
  const auto permit = TRY(access::authorise(request.actor, Action::edges_write, {"edge", id, ""}));
  TRY(edges::remove(context_of(core), permit, traffic, id));
  supervisor.refresh();
  return no_content();
}

Result<Response> rotate(Core& core, edges::Supervisor& supervisor, Request& request) {
  const std::string id{request.parameter("id")};
  const auto permit = TRY(access::authorise(request.actor, Action::edges_write, {"edge", id, ""}));
  const auto rotated = edges::rotate(context_of(core), permit, id);
  if (!rotated && rotated.error().code() == Code::conflict)
    return problem(Code::conflict, "The site is not enrolled yet, so it has no keys to replace.");
  if (!rotated) return rotated.error();
  supervisor.wake(id);
  supervisor.rotate(id);
  const auto edge = TRY(edges::find(core.store, id));
  return json_response(to_json(edge, supervisor, true), 202);
}

}  // namespace

void add_edge_routes(Router& router, Core& core, edges::Supervisor& supervisor,
                     edges::Traffic& traffic) {
  router.add({Method::get, "/edges", Action::edges_read,
              [&](Request& request) { return list(core, supervisor, request); }});
  router.add({Method::post, "/edges", Action::edges_write,
              [&](Request& request) { return add(core, supervisor, request); }, Body::json});
  router.add({Method::get, "/edges/{id}", Action::edges_read,
              [&](Request& request) { return show(core, supervisor, request); }});
  router.add({Method::del, "/edges/{id}", Action::edges_write,
              [&](Request& request) { return remove(core, supervisor, traffic, request); }});
  router.add({Method::post, "/edges/{id}/rotate", Action::edges_write,
              [&](Request& request) { return rotate(core, supervisor, request); }});
  router.add({Method::post, "/edges/{id}/kit", Action::edges_write,
              [&](Request& request) { return renew_kit(core, request); }});
}

}  // namespace sp::api
