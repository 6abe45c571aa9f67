#include "base/commandline/app.h"
#include "core/cli/client_json.h"
#include "core/cli/commands.h"
#include "core/cli/table_json.h"

namespace sp::cli {
namespace {

struct Options {
  std::string login, name, email, role = "user";
};

Result<Json> find(Api& api, const std::string& login) {
  const auto page = TRY(api.call("GET", "/people?limit=200&q=" + query_value(login)));
  for (const auto& person : page.at("items"))
    if (person.value("login", "") == login || person.value("id", "") == login) return person;
  return Error{Code::not_found, "nobody has the sign-in name " + login};
}

Outcome list(const Context& context) {
  auto api = TRY(Api::open(context));
  const auto page = TRY(api.call("GET", "/people?limit=200"));
  if (context.json) return say(page.dump()), Outcome{};
  print_table(page.at("items"), {"login", "name", "email", "role", "disabled", "last_sign_in_at"});
  return {};
}

void show_password(const Context& context, const Json& answer) {
  if (context.json) return say(answer.dump());
  say("One-time password: " + answer.value("one_time_password", ""));
  hint("it must be changed at the first sign-in and is not shown again");
}

Outcome add(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  Json body{{"login", options.login}, {"role", options.role}};
  if (!options.name.empty()) body["name"] = options.name;
  if (!options.email.empty()) body["email"] = options.email;
  show_password(context, TRY(api.call("POST", "/people", body)));
  return {};
}

Outcome reset(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto person = TRY(find(api, options.login));
  show_password(context,
                TRY(api.call("POST", "/people/" + person.value("id", "") + "/reset-password")));
  return {};
}

Outcome change(const Context& context, const Options& options, const Json& body) {
  auto api = TRY(Api::open(context));
  const auto person = TRY(find(api, options.login));
  const auto answer = TRY(api.call("PATCH", "/people/" + person.value("id", ""), body));
  if (context.json) return say(answer.dump()), Outcome{};
  for (const auto* member : {"login", "name", "email", "role", "disabled"})
    print_member(answer, member);
  return {};
}

}  // namespace

void add_people(commandline::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("people", "Look after accounts");
  const auto sub = [&](const char* name, const char* what, auto work) {
    return add_command(*command, name, what, context,
                       [options, &context, work] { return work(context, *options); });
  };
  const auto with_login = [&](commandline::App* added) {
    added->add_option("login", options->login, "Sign-in name")->required();
    return added;
  };
  add_default_command(*command, "list", "All accounts", context,
                      [&context] { return list(context); });
  auto* adding = with_login(sub("add", "Add an account; prints its one-time password", add));
  adding->add_option("--name", options->name, "Shown name");
  adding->add_option("--email", options->email, "For notices");
  adding->add_option("--role", options->role, "user or administrator")
      ->one_of({"user", "administrator"})
      ->capture_default_str();
  with_login(sub("reset-password", "Give a new one-time password", reset));
  with_login(sub("disable", "End every session and token, allow no new one",
                 [](const Context& where, const Options& with) {
                   return change(where, with, {{"disabled", true}});
                 }));
  with_login(sub("enable", "Undo disable", [](const Context& where, const Options& with) {
    return change(where, with, {{"disabled", false}});
  }));
}

}  // namespace sp::cli
