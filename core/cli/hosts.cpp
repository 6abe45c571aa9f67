#include "base/commandline/app.h"
#include "core/cli/inventory_json.h"

namespace sp::cli {
namespace {

using Type = Member::Type;

const Kind sites{"sites", "site", {}};
const Kind hosts{
    "hosts", "host", {"name", "site", "address", "port", "protocol", "folder", "tags", "rights"}};

constexpr std::initializer_list<Member> members{
    {"address", "address", Type::text, "A DNS name or an IP address; by default its name"},
    {"port", "port", Type::number, "By default the protocol's"},
    {"protocol", "protocol", Type::text, "ssh, rdp, telnet or vnc"},
    {"type", "type", Type::text, "What it is, in a word"},
    {"operating-system", "operating_system", Type::text, "Its operating system"},
    {"folder", "folder", Type::text, "Names with / between them"},
    {"tag", "tags", Type::list, "A tag; may be repeated", true},
    {"notes", "notes", Type::text, "Notes"},
    {"host-key", "host_keys", Type::list, "A public key that it shows; may be repeated", true},
    {"host-ca", "host_cas", Type::list, "A key that signs its host certificate; may be repeated",
     true},
    {"first-use", "first_use", Type::flag, "Take the first key seen when none is known"},
};

struct Options {
  std::string which, name, site;
  std::unique_ptr<MemberOptions> members;
};

Result<Json> body_of(Api& api, const Options& options) {
  auto body = TRY(options.members->given());
  if (!options.name.empty()) body["name"] = options.name;
  if (!options.site.empty()) {
    const auto site = TRY(find_one(api, sites, options.site));
    body["site"] = site.value("id", "");
  }
  return body;
}

Outcome add(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto body = TRY(body_of(api, options));
  print_one(context, TRY(api.call("POST", "/hosts", body)));
  return {};
}

Outcome change(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto host = TRY(find_one(api, hosts, options.which));
  const auto body = TRY(body_of(api, options));
  print_one(context, TRY(api.call("PATCH", "/hosts/" + host.value("id", ""), body)));
  return {};
}

}  // namespace

void add_hosts(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand("hosts", "Look after hosts for remote sessions");
  add_shared_commands(*command, context, hosts, {"site", "folder", "tag", "protocol"}, true);

  auto fresh = std::make_shared<Options>(), changed = std::make_shared<Options>();
  auto* adding = add_command(*command, "add", "Add a host", context,
                             [fresh, &context] { return add(context, *fresh); });
  adding->add_option("name", fresh->name, "Its name")->required();
  adding->add_option("--site", fresh->site, "Its site, by name or id")->required();
  fresh->members = std::make_unique<MemberOptions>(*adding, members);
  auto* changing = add_command(*command, "change", "Change a host", context,
                               [changed, &context] { return change(context, *changed); });
  changing->add_option("host", changed->which, "Its name, SITE/NAME or id")->required();
  changing->add_option("--name", changed->name, "Its new name");
  changing->add_option("--site", changed->site, "The site that it moves to");
  changed->members = std::make_unique<MemberOptions>(*changing, members);
}

}  // namespace sp::cli
