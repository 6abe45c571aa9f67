#include <algorithm>

#include "base/commandline/app.h"
#include "core/cli/inventory_json.h"

namespace sp::cli {
namespace {

using Type = Member::Type;

const Kind sites{"sites",
                 "site",
                 {"name", "gateways", "hosts", "credentials", "networks", "reason_required",
                  "in_maintenance", "rights"}};

constexpr std::initializer_list<Member> members{
    {"notes", "notes", Type::text, "Notes"},
    {"gateway", "gateways", Type::list,
     "An edge of the kind gateway, by name or id; may be repeated", true},
    {"network", "networks", Type::list, "CIDR in which hosts may lie; may be repeated", true},
    {"maintenance", "maintenance", Type::text,
     "When no session begins, in UTC: \"monday,friday 22:00-02:00\", or none", true},
    {"recording-days", "recording_days", Type::text, "How long recordings are kept; none: for ever",
     true},
    {"idle-minutes", "idle_minutes", Type::number, "A session ends after so long without a key"},
    {"total-minutes", "total_minutes", Type::number, "A session ends after so long in all"},
    {"record", "record", Type::flag, "Record what sessions show"},
    {"record-input", "record_input", Type::flag, "Record what is typed, too"},
    {"disk-full", "disk_full", Type::text, "end or continue: recorded sessions on a full disk"},
    {"reason-required", "reason_required", Type::flag, "Who connects must say why"},
    {"session-right", "session_rights", Type::list,
     "input, paste, copy, upload, download; may be repeated", true},
};

// "monday,friday 22:00-02:00" as the API takes it; what it is not goes there as it is, to be told.
Json window_of(const std::string& text) {
  const auto blank = text.find(' ');
  const auto dash = text.find('-', std::min(blank, text.size()));
  if (blank == std::string::npos || dash == std::string::npos)
    return {{"days", {text}}, {"from", ""}, {"to", ""}};
  Json days = Json::array();
  for (std::string rest = text.substr(0, blank) + ",", day; !rest.empty();
       rest.erase(0, day.size() + 1)) {
    day = rest.substr(0, rest.find(','));
    days.push_back(day);
  }
  return {{"days", std::move(days)},
          {"from", text.substr(blank + 1, dash - blank - 1)},
          {"to", text.substr(dash + 1)}};
}

Result<Json> gateways_of(Api& api, const Json& wanted) {
  const auto edges = TRY(api.call("GET", "/edges"));
  Json out = Json::array();
  for (const auto& which : wanted) {
    const auto& all = edges.at("items");
    const auto it = std::ranges::find_if(all, [&](const Json& edge) {
      return edge.value("name", "") == which || edge.value("id", "") == which;
    });
    if (it == all.end())
      return Error{Code::not_found, "no edge has the id or name " + which.get<std::string>()};
    out.push_back(it->value("id", ""));
  }
  return out;
}

Result<Json> body_of(Api& api, const MemberOptions& given) {
  auto body = TRY(given.given());
  if (body.contains("gateways")) body["gateways"] = TRY(gateways_of(api, body["gateways"]));
  if (body.contains("maintenance") && body["maintenance"].is_string())
    body["maintenance"] = window_of(body["maintenance"]);
  if (body.contains("recording_days") && body["recording_days"].is_string()) {
    const auto number = Json::parse(body["recording_days"].get<std::string>(), nullptr, false);
    if (number.is_number_integer()) body["recording_days"] = number;
  }
  return body;
}

Outcome add(const Context& context, const std::string& name, const MemberOptions& given) {
  auto api = TRY(Api::open(context));
  auto body = TRY(body_of(api, given));
  body["name"] = name;
  print_one(context, TRY(api.call("POST", "/sites", body)));
  return {};
}

Outcome change(const Context& context, const std::string& which, const std::string& name,
               const MemberOptions& given) {
  auto api = TRY(Api::open(context));
  const auto site = TRY(find_one(api, sites, which));
  auto body = TRY(body_of(api, given));
  if (!name.empty()) body["name"] = name;
  print_one(context, TRY(api.call("PATCH", "/sites/" + site.value("id", ""), body)));
  return {};
}

}  // namespace

void add_sites(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand("sites", "Look after clients' sites for remote sessions");
  add_shared_commands(*command, context, sites, {}, false);

  struct Options {
    std::string which, name;
    std::unique_ptr<MemberOptions> members;
  };
  auto fresh = std::make_shared<Options>(), changed = std::make_shared<Options>();
  auto* adding = add_command(*command, "add", "Add a site", context, [fresh, &context] {
    return add(context, fresh->name, *fresh->members);
  });
  adding->add_option("name", fresh->name, "Its name")->required();
  fresh->members = std::make_unique<MemberOptions>(*adding, members);
  auto* changing = add_command(*command, "change", "Change a site", context, [changed, &context] {
    return change(context, changed->which, changed->name, *changed->members);
  });
  changing->add_option("site", changed->which, "Its name or id")->required();
  changing->add_option("--name", changed->name, "Its new name");
  changed->members = std::make_unique<MemberOptions>(*changing, members);
}

}  // namespace sp::cli
