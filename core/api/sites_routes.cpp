#include <algorithm>

#include "core/api/feature_routes.h"
#include "core/api/host_session_json.h"
#include "core/api/idempotency.h"
#include "core/api/inventory_json.h"
#include "core/sites/site.h"

namespace sp::api {
namespace {

using access::Action;

constexpr std::array days{"monday", "tuesday",  "wednesday", "thursday",
                          "friday", "saturday", "sunday"};

std::string time_text(int minutes) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(minutes / 60) + ":" + two(minutes % 60);
}

std::optional<int> time_of(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  return hour < 24 && minute < 60 ? std::optional{hour * 60 + minute} : std::nullopt;
}

Json window_json(const std::optional<sites::Maintenance>& window) {
  if (!window) return nullptr;
  Json on = Json::array();
  for (std::size_t day = 0; day < days.size(); ++day)
    if ((unsigned{window->days} >> day & 1U) != 0) on.push_back(days[day]);
  return {
      {"days", std::move(on)}, {"from", time_text(window->from)}, {"to", time_text(window->to)}};
}

Json gateway(Core& core, const edges::Supervisor& supervisor, const std::string& id) {
  const auto edge = edges::find(core.store, id);
  if (!edge) return nullptr;
  const auto health = supervisor.health(id);
  const auto light = health ? health->light : pushpull::Light::amber;
  const std::string reason = health ? health->reason : "There is no link to it yet.";
  return {{"id", id},
          {"name", edge->name},
          {"public_url", edge->public_url},
          {"state", edges::name(edge->state)},
          {"light", pushpull::name(light)},
          {"reason", light == pushpull::Light::green ? "" : reason}};
}

Json to_json(Core& core, const edges::Supervisor& supervisor, const sites::Site& site) {
  const auto& it = site.fields;
  Json gateways = Json::array();
  for (const auto& id : it.gateways)
    if (auto one = gateway(core, supervisor, id); !one.is_null())
      gateways.push_back(std::move(one));
  return {{"id", site.id},
          {"name", it.name},
          {"notes", it.notes},
          {"gateways", std::move(gateways)},
          {"networks", it.networks},
          {"maintenance", window_json(it.maintenance)},
          {"in_maintenance", sites::in_maintenance(it, core.clock.now())},
          {"recording_days", maybe(it.recording_days)},
          {"idle_minutes", it.idle.count()},
          {"total_minutes", it.total.count()},
          {"record", it.record},
          {"record_input", it.record_input},
          {"disk_full", sites::name(it.disk_full)},
          {"reason_required", it.reason_required},
          {"session_rights", session_rights(it.session_rights)},
          {"hosts", site.hosts},
          {"credentials", site.credentials},
          {"rights", shape(site.rights)},
          {"revision", site.revision},
          {"created_at", rfc3339(site.created_at)},
          {"changed_at", rfc3339(site.changed_at)}};
}

std::optional<std::optional<sites::Maintenance>> maintenance_of(Members& members) {
  if (members.is_null("maintenance")) return std::optional<sites::Maintenance>{};
  auto* window = members.raw("maintenance");
  if (window == nullptr) return std::nullopt;
  Members inner{*window, members.path_of("maintenance") + "."};
  sites::Maintenance out;
  for (const auto& day :
       maybe_texts(inner, "days", {1, 16}, 7).value_or(std::vector<std::string>{})) {
    const auto it = std::ranges::find(days, day);
    if (it == days.end())
      inner.refuse("days", "monday to sunday");
    else
      out.days |= static_cast<std::uint8_t>(1U << (it - days.begin()));
  }
  for (auto [name, to] : {std::pair{"from", &out.from}, std::pair{"to", &out.to}}) {
    const auto at = time_of(inner.text(name, {5, 5}));
    if (at)
      *to = *at;
    else
      inner.refuse(name, "a time of the day in UTC, such as 22:30");
  }
  members.take_over(inner.done());
  return std::optional{out};
}

std::optional<std::uint32_t> session_rights_of(Members& members) {
  const auto names = maybe_texts(members, "session_rights", {1, 16}, 5);
  if (!names) return std::nullopt;
  std::uint32_t bits = 0;
  for (const auto& name : *names) {
    const auto it = std::ranges::find(sites::session_rights, name, &sites::SessionRight::name);
    if (it == sites::session_rights.end())
      members.refuse("session_rights", "input, paste, copy, upload, download");
    else
      bits |= it->bit;
  }
  return bits;
}

std::optional<std::optional<std::int64_t>> recording_days_of(Members& members) {
  if (members.is_null("recording_days")) return std::optional<std::int64_t>{};
  const auto days_kept = members.maybe_integer("recording_days", 1, 3650);
  if (!days_kept) return std::nullopt;
  return std::optional{*days_kept};
}

sites::Change change_of(Members& members) {
  sites::Change out;
  out.name = members.maybe_text("name", {1, 100});
  out.notes = members.maybe_text("notes", {0, 10'000, true});
  out.gateways = maybe_texts(members, "gateways", {1, 64}, sites::most_gateways);
  out.networks = maybe_texts(members, "networks", {1, 64}, sites::most_networks);
  out.maintenance = maintenance_of(members);
  out.recording_days = recording_days_of(members);
  out.idle_minutes = members.maybe_integer("idle_minutes", 1, 1440);
  out.total_minutes = members.maybe_integer("total_minutes", 1, 10'080);
  out.record = members.maybe_flag("record");
  out.record_input = members.maybe_flag("record_input");
  out.reason_required = members.maybe_flag("reason_required");
  if (const auto text = members.maybe_text("disk_full", {1, 16})) {
    out.disk_full = sites::disk_full_named(*text);
    if (!out.disk_full) members.refuse("disk_full", "end or continue");
  }
  out.session_rights = session_rights_of(members);
  return out;
}

// What several sites can have alike.
sites::Change bulk_change_of(Members& members) {
  auto out = change_of(members);
  if (out.name) members.refuse("name", "cannot be the same for several");
  if (out.gateways) members.refuse("gateways", "cannot be the same for several");
  return out;
}

constexpr std::string_view csv_head =
    "name,notes,gateways,networks,idle_minutes,total_minutes,record,record_input,"
    "recording_days,disk_full,reason_required,hosts,credentials\r\n";

class Routes {
 public:
  Routes(Core& core, edges::Supervisor& supervisor) : core_(&core), supervisor_(&supervisor) {}

  Result<Response> list(Request& request) const {
    const auto page = TRY(page_of(request));
    const auto found = TRY(sites::list(context(), request.actor, request.asked("q").value_or(""),
                                       page.after, page.limit));
    return page_response(found, page.limit, sites::key_of, to_shape());
  }

  Result<Response> create(Request& request) const {
    const auto permit = access::authorise(request.actor, Action::sites_write);
    if (!permit) return Error{Code::forbidden, "sites are added by administrators"};
    auto wanted = body_of(request, [](Members& members) {
      need(members, {"name"});
      return change_of(members);
    });
    if (!wanted) return wanted.error();
    return once(*core_, request, bytes::of(request.body), [&](const Keep&) {
      return answer_of<sites::Site>(sites::add(context(), *permit, *wanted), 201, to_shape());
    });
  }

  Result<Response> show(Request& request) const {
    const auto site = TRY(sites::find(context(), request.actor, request.parameter("id")));
    return json_response(json(site));
  }

  Result<Response> change(Request& request) const {
    const auto body = body_of(request, [](Members& members) {
      return std::pair{change_of(members), revision_of(members)};
    });
    if (!body) return body.error();
    const auto& [wanted, revision] = *body;
    return answer_of<sites::Site>(
        sites::change(context(), request.actor, request.parameter("id"), wanted, revision), 200,
        to_shape());
  }

  Result<Response> remove(Request& request) const {
    const auto gone = sites::remove(context(), request.actor, request.parameter("id"));
    if (!gone && gone.error().code() == Code::conflict)
      return problem(Problem{Code::conflict,
                             "Hosts, credentials or gateways belong to it: move or remove them "
                             "first.",
                             "not_empty",
                             {},
                             {}});
    if (!gone) return gone.error();
    return no_content();
  }

  Result<Response> bulk(Request& request) const {
    const auto many = body_of(request, [](Members& members) {
      auto out = bulk_of(members, bulk_change_of);
      if (out.remove) members.refuse("remove", "sites are removed one by one");
      return out;
    });
    if (!many) return many.error();
    return bulk_response(many->ids, [&](const std::string& id) {
      return wrong_of(sites::change(context(), request.actor, id, many->change));
    });
  }

  Result<Response> export_all(Request& request) const {
    TRY(access::allowed(request.actor, Action::sites_read));
    const auto page = [*this, actor = request.actor, part = request.asked("q").value_or("")](
                          const std::string& after, int limit) {
      return sites::list(context(), actor, part, after, limit);
    };
    const auto csv = [*this](const sites::Site& site) { return line(site); };
    return export_list<sites::Site>(*core_, request,
                                    {"sites", csv_head, csv, to_shape(), sites::key_of, page});
  }

 private:
  [[nodiscard]] inventory::Context context() const { return inventory_of(*core_); }
  [[nodiscard]] Json json(const sites::Site& site) const {
    return to_json(*core_, *supervisor_, site);
  }
  [[nodiscard]] std::function<Json(const sites::Site&)> to_shape() const {
    return [*this](const sites::Site& site) { return json(site); };
  }
  [[nodiscard]] std::string line(const sites::Site& site) const {
    const auto whole = json(site);
    std::vector<std::string> gateways;
    for (const auto& one : whole["gateways"]) gateways.push_back(one["name"]);
    const auto text = [&](const char* name) {
      return whole[name].is_null() ? std::string{} : whole[name].dump();
    };
    return csv_line({site.fields.name, site.fields.notes, joined(gateways, " "),
                     joined(site.fields.networks, " "), text("idle_minutes"), text("total_minutes"),
                     text("record"), text("record_input"), text("recording_days"),
                     whole["disk_full"].get<std::string>(), text("reason_required"), text("hosts"),
                     text("credentials")});
  }

  Core* core_;
  edges::Supervisor* supervisor_;
};

}  // namespace

void add_site_routes(Router& router, Core& core, edges::Supervisor& supervisor) {
  const Routes routes{core, supervisor};
  router.add({Method::get, "/sites", Action::sites_read,
              [routes](Request& request) { return routes.list(request); }});
  router.add({Method::post, "/sites", Action::sites_write,
              [routes](Request& request) { return routes.create(request); }, Body::json});
  router.add({Method::get, "/sites/export", Action::sites_read,
              [routes](Request& request) { return routes.export_all(request); }});
  router.add({Method::post, "/sites/bulk", Action::sites_write,
              [routes](Request& request) { return routes.bulk(request); }, Body::json});
  router.add({Method::get, "/sites/{id}", Action::sites_read,
              [routes](Request& request) { return routes.show(request); }});
  router.add({Method::patch, "/sites/{id}", Action::sites_write,
              [routes](Request& request) { return routes.change(request); }, Body::json});
  router.add({Method::del, "/sites/{id}", Action::sites_write,
              [routes](Request& request) { return routes.remove(request); }});
}

}  // namespace sp::api
