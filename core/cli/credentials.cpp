#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "core/cli/inventory_json.h"
#include "core/cli/table_json.h"

namespace sp::cli {
namespace {

using Type = Member::Type;

const Kind sites{"sites", "site", {}};
const Kind credentials{"credentials",
                       "credential",
                       {"name", "login", "kind", "site", "hosts", "hosts_except", "rights"}};

constexpr std::initializer_list<Member> members{
    {"login", "login", Type::text, "The login at the hosts"},
    {"hosts", "hosts", Type::list, "A pattern of host names with * and ?; may be repeated"},
    {"except", "hosts_except", Type::list, "A pattern that is left out; may be repeated", true},
    {"notes", "notes", Type::text, "Notes"},
    {"password-file", "password", Type::file, "File with the password; - for standard input"},
    {"private-key-file", "private_key", Type::file, "File with a private key"},
    {"passphrase-file", "passphrase", Type::file, "File with the key's passphrase"},
    {"certificate-file", "certificate", Type::file, "File with the key's SSH certificate"},
};

struct Options {
  std::string which, name, site, reason;
  std::unique_ptr<MemberOptions> members;
};

// The secrets in a body are wiped once it was sent.
struct Body {
  Json json;
  Body() = default;
  Body(Body&&) = default;
  Body& operator=(Body&&) = default;
  ~Body() {
    for (const auto* name : {"password", "private_key", "passphrase"})
      if (json.is_object() && json.contains(name) && json[name].is_string())
        wipe(json[name].get_ref<std::string&>());
  }
};

Result<Body> body_of(Api& api, const Options& options) {
  Body body;
  body.json = TRY(options.members->given());
  if (!options.name.empty()) body.json["name"] = options.name;
  if (options.site == "none") body.json["site"] = nullptr;
  if (!options.site.empty() && options.site != "none") {
    const auto site = TRY(find_one(api, sites, options.site));
    body.json["site"] = site.value("id", "");
  }
  if (body.json.contains("certificate"))
    body.json["kind"] = "certificate";
  else if (body.json.contains("private_key"))
    body.json["kind"] = "key";
  else if (body.json.contains("password"))
    body.json["kind"] = "password";
  return body;
}

Outcome add(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  auto body = TRY(body_of(api, options));
  if (!body.json.contains("kind")) {
    const auto password = TRY(ask("Password of " + body.json.value("login", "?"), true));
    body.json["password"] = bytes::text(password.expose());
    body.json["kind"] = "password";
  }
  if (!body.json.contains("hosts")) body.json["hosts"] = {"*"};
  print_one(context, TRY(api.call("POST", "/credentials", body.json)));
  return {};
}

Outcome change(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto credential = TRY(find_one(api, credentials, options.which));
  const auto body = TRY(body_of(api, options));
  print_one(context,
            TRY(api.call("PATCH", "/credentials/" + credential.value("id", ""), body.json)));
  return {};
}

Outcome reveal(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto credential = TRY(find_one(api, credentials, options.which));
  const auto shown = TRY(api.call("POST", "/credentials/" + credential.value("id", "") + "/reveal",
                                  {{"reason", options.reason}}));
  if (context.json) return say(shown.dump()), Outcome{};
  for (const auto* name : {"login", "password", "passphrase"})
    if (!shown.at(name).is_null()) print_member(shown, name);
  for (const auto* name : {"private_key", "certificate"})
    if (!shown.at(name).is_null()) say(shown.at(name).get<std::string>());
  return {};
}

}  // namespace

void add_credentials(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand("credentials", "Look after credentials for remote sessions");
  add_shared_commands(*command, context, credentials, {"site"}, true);

  auto fresh = std::make_shared<Options>(), changed = std::make_shared<Options>();
  auto* adding =
      add_command(*command, "add", "Add a credential; asks for a password unless a file is given",
                  context, [fresh, &context] { return add(context, *fresh); });
  adding->add_option("name", fresh->name, "Its name")->required();
  adding->add_option("--site", fresh->site, "For hosts of this site alone");
  fresh->members = std::make_unique<MemberOptions>(*adding, members);
  auto* changing = add_command(*command, "change", "Change a credential", context,
                               [changed, &context] { return change(context, *changed); });
  changing->add_option("credential", changed->which, "Its name or id")->required();
  changing->add_option("--name", changed->name, "Its new name");
  changing->add_option("--site", changed->site, "For hosts of this site alone; none: of any");
  changed->members = std::make_unique<MemberOptions>(*changing, members);
  auto* revealing = add_command(*command, "reveal", "Show its secret; it is in the audit trail",
                                context, [changed, &context] { return reveal(context, *changed); });
  revealing->add_option("credential", changed->which, "Its name or id")->required();
  revealing->add_option("--reason", changed->reason, "Why, for the trail");
}

}  // namespace sp::cli
