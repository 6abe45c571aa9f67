#include "core/api/order_routes.h"

#include "core/api/internal/json.h"
#include "core/api/internal/shapes.h"
#include "core/orders/order.h"

namespace sp::api {
namespace {

using access::Action;
using Wake = std::function<void(const std::string& edge)>;

constexpr std::size_t most_roots = 64U << 10U;
constexpr std::size_t most_list = 100;

orders::Context context_of(Core& core) {
  return {core.store, core.keyring, core.audit, core.clock, core.random};
}

Json to_json(const orders::LeafView& leaf) {
  return {{"edge", {{"id", leaf.edge}, {"name", leaf.edge_name}}},
          {"state", orders::name(leaf.state)},
          {"since", rfc3339(leaf.since)},
          {"problem", leaf.problem},
          {"failures", leaf.failures},
          {"next", shape(leaf.next)},
          {"installed_at", shape(leaf.installed_at)},
          {"issuer", leaf.issuer},
          {"not_after", shape(leaf.not_after)}};
}

Json to_json(const orders::OrderView& view) {
  const auto& [order, state, leaves] = view;
  auto certificates = items_of(leaves, [](const auto& leaf) { return to_json(leaf); });
  const bool http = order.proof.kind == acme::ChallengeKind::http_01;
  return {{"id", order.id},
          {"created_at", rfc3339(order.created_at)},
          {"names", order.names},
          {"directory", order.ca.directory},
          {"contact", order.ca.contact},
          {"profile", order.ca.profile},
          {"external_id", order.ca.external_id},
          {"challenge", http ? "http-01" : "dns-01"},
          {"name_server", order.proof.name_server},
          {"zone", order.proof.zone},
          {"seen_by", order.proof.seen_by},
          {"hook", order.proof.hook},
          {"state", orders::name(state)},
          {"certificates", std::move(certificates)}};
}

Result<Response> list(Core& core, Request& request) {
  TRY(access::authorise(request.actor, Action::certificates_read));
  Json items = Json::array();
  for (const auto& one : TRY(orders::list(core.store))) items.push_back(to_json(one));
  return json_response({{"items", std::move(items)}, {"next", nullptr}});
}

Result<Response> show(Core& core, Request& request) {
  TRY(access::authorise(request.actor, Action::certificates_read));
  return json_response(to_json(TRY(orders::find(core.store, request.parameter("id")))));
}

std::vector<std::string> texts(Members& in, const std::string& name) {
  std::vector<std::string> out;
  const auto* list = in.raw(name);
  if (list == nullptr) return out;
  if (!list->is_array() || list->size() > most_list) {
    in.refuse(name, "must be a list of at most 100 texts");
    return out;
  }
  for (const auto& one : *list) {
    auto text = one.is_string() ? one.get<std::string>() : std::string{};
    if (text.empty() || text.size() > 255) {
      in.refuse(name, "must be texts of 1 to 255 bytes");
      return {};
    }
    out.push_back(std::move(text));
  }
  return out;
}

acme::ChallengeKind challenge_of(Members& in) {
  const auto text = in.maybe_text("challenge").value_or("http-01");
  if (text != "http-01" && text != "dns-01") in.refuse("challenge", "must be http-01 or dns-01");
  return text == "dns-01" ? acme::ChallengeKind::dns_01 : acme::ChallengeKind::http_01;
}

orders::NewOrder order_of(Members& in) {
  orders::NewOrder out;
  out.names = texts(in, "names");
  out.edges = texts(in, "edges");
  out.ca.directory = in.text("directory", {1, 2000});
  out.ca.roots = in.maybe_text("ca_roots", {0, most_roots, true}).value_or("");
  out.ca.contact = in.maybe_text("contact", {0, 254}).value_or("");
  out.ca.profile = in.maybe_text("profile", {0, 100}).value_or("");
  out.ca.external_id = in.maybe_text("external_id", {0, 500}).value_or("");
  out.external_key = in.maybe_secret("external_key", {1, 1000});
  out.proof.kind = challenge_of(in);
  out.proof.name_server = in.maybe_text("name_server", {0, 300}).value_or("");
  out.proof.zone = in.maybe_text("zone", {0, 255}).value_or("");
  out.proof.seen_by = texts(in, "seen_by");
  out.proof.hook = in.maybe_text("hook", {0, 100}).value_or("");
  out.dns_key = in.maybe_secret("dns_key", {1, 2000, true});
  if (!in.flag("terms_agreed"))
    in.refuse("terms_agreed", "must be true: read the CA's terms of service and agree to them");
  return out;
}

Result<Response> add(Core& core, orders::Bell& bell, const Wake& wake, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::edges_write));
  auto body = TRY(parse_json(request.body));
  Members members{body};
  const auto wanted = order_of(members);
  if (auto wrong = members.done(); !wrong.empty())
    return problem(Code::invalid_input, {}, std::move(wrong));
  const auto added = TRY(orders::add(context_of(core), permit, wanted));
  if (!added.problems.empty()) {
    std::vector<FieldProblem> wrong;
    for (const auto& one : added.problems) wrong.push_back({one.field, one.detail});
    return problem(Code::invalid_input, {}, std::move(wrong));
  }
  for (const auto& edge : added.to_wake) wake(edge);
  bell.ring();
  return json_response(to_json(TRY(orders::find(core.store, added.id))), 201);
}

Result<Response> retry(Core& core, const Wake& wake, orders::Which which, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::edges_write));
  const auto id = request.parameter("id");
  const auto tried = orders::retry(context_of(core), permit, id, which);
  if (!tried && tried.error().code() == Code::conflict)
    return problem(Code::conflict, which == orders::Which::failed
                                       ? "No certificate of this order has failed."
                                       : "Every certificate of this order is under way.");
  if (!tried) return tried.error();
  for (const auto& edge : *tried) wake(edge);
  return json_response(to_json(TRY(orders::find(core.store, id))), 202);
}

Result<Response> remove(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::edges_write));
  TRY(orders::remove(context_of(core), permit, request.parameter("id")));
  return no_content();
}

}  // namespace

void add_order_routes(Router& router, Core& core, orders::Bell& bell, Wake wake) {
  router.add({Method::get, "/certificate-orders", Action::certificates_read,
              [&core](Request& request) { return list(core, request); }});
  router.add({Method::post, "/certificate-orders", Action::edges_write,
              [&core, &bell, wake](Request& request) { return add(core, bell, wake, request); },
              Body::json});
  router.add({Method::get, "/certificate-orders/{id}", Action::certificates_read,
              [&core](Request& request) { return show(core, request); }});
  router.add({Method::del, "/certificate-orders/{id}", Action::edges_write,
              [&core](Request& request) { return remove(core, request); }});
  router.add({Method::post, "/certificate-orders/{id}/retry", Action::edges_write,
              [&core, wake](Request& request) {
                return retry(core, wake, orders::Which::failed, request);
              }});
  router.add({Method::post, "/certificate-orders/{id}/renew", Action::edges_write,
              [&core, wake](Request& request) {
                return retry(core, wake, orders::Which::at_rest, request);
              }});
}

}  // namespace sp::api
