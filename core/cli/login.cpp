#include <unistd.h>

#include <array>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "core/cli/client_json.h"
#include "core/cli/commands.h"

namespace sp::cli {
namespace {

struct Options {
  std::string login;
  std::string password_file;
  std::string life = "90d";
};

std::string text(const Secret& secret) {
  return std::string{bytes::text(secret.expose())};
}

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

// A session in the making: its cookie and what unsafe calls need besides.
struct Session {
  Http http;
  std::map<std::string, std::string> headers;
  bool must_change_password = false;
  std::string role;
};

Result<HttpAnswer> good(Result<HttpAnswer> answer) {
  if (answer && answer->status >= 300) return error_of(*answer);
  return answer;
}

Outcome take(Session& session, const HttpAnswer& answer) {
  const auto cookie = answer.headers.find("set-cookie");
  if (cookie != answer.headers.end())
    session.headers["Cookie"] = cookie->second.substr(0, cookie->second.find(';'));
  if (!answer.body.is_object() || !answer.body.contains("csrf_token"))
    return Error{Code::unavailable, "the server does not speak our API"};
  if (answer.body["csrf_token"].is_string())
    session.headers["X-CSRF-Token"] = answer.body["csrf_token"].get<std::string>();
  session.must_change_password = answer.body.value("must_change_password", false);
  if (answer.body.contains("user") && answer.body["user"].is_object())
    session.role = answer.body["user"].value("role", "user");
  return {};
}

Result<Session> sign_in(const Context& context, const std::string& login, const Secret& password) {
  Session session{TRY(Http::to(context.server, context.ca_file)), {}, false, {}};
  HttpCall call{"POST", "/api/v1/session", {}, {}, {}, {}, 0};
  call.body = Json{{"login", login}, {"password", text(password)}}.dump();
  const auto answer = TRY(good(session.http.call(call)));
  TRY(take(session, answer));
  return session;
}

Outcome change_password(Session& session, const Secret& old_password) {
  const auto first = TRY(ask("New password (at least 12 characters)", true));
  const auto again = TRY(ask("The same again", true));
  if (!(first == again)) return Error{Code::invalid_input, "the two are not the same"};
  HttpCall call{"POST", "/api/v1/session/password", session.headers, {}, {}, {}, 0};
  call.body = Json{{"old_password", text(old_password)}, {"new_password", text(first)}}.dump();
  const auto answer = TRY(good(session.http.call(call)));
  return take(session, answer);
}

Result<Secret> make_token(Session& session, const Options& options) {
  HttpCall call{"POST", "/api/v1/tokens", session.headers, {}, {}, {}, 0};
  call.body = Json{{"name", "sallyport on " + host_name()},
                   {"scope", session.role == "administrator" ? "admin" : "sessions:use"},
                   {"expires_in", options.life}}
                  .dump();
  auto answer = TRY(good(session.http.call(call)));
  if (!answer.body.contains("secret") || !answer.body["secret"].is_string())
    return Error{Code::unavailable, "the server gave no token"};
  return Secret::copy_of(bytes::of(answer.body["secret"].get_ref<const std::string&>()));
}

// A token that was made elsewhere: tried once, then remembered.
Outcome keep_token(const Context& context) {
  auto api = TRY(Api::open(context));
  const auto session = TRY(api.call("GET", "/session"));
  const auto name = session.value(Json::json_pointer{"/user/login"}, std::string{"?"});
  const auto token = TRY(read_token(context));
  TRY(save_config(context, token));
  say("The token of " + name + " is good; it is remembered for " + context.server + ".");
  return {};
}

Outcome login(const Context& context, const Options& options) {
  if (context.server.empty())
    return Error{Code::invalid_input, "which server? give --server https://host:port"};
  if (context.token_is_given) return keep_token(context);
  const auto name = options.login.empty() ? text(TRY(ask("Name", false))) : options.login;
  const auto password = options.password_file.empty()
                            ? TRY(ask("Password", true))
                            : TRY(read_secret_file(options.password_file, 1024));
  auto session = TRY(sign_in(context, name, password));
  if (session.must_change_password) TRY(change_password(session, password));
  const auto token = TRY(make_token(session, options));
  TRY(save_config(context, token));
  TRY(session.http.call({"DELETE", "/api/v1/session", session.headers, {}, {}, {}, 0}));
  say("Signed in at " + context.server + " as " + name + ".");
  return {};
}

}  // namespace

void add_login(commandline::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(
      "login", "Sign in and remember the server and a token; with --token-file, remember that one");
  command->add_option("--login", options->login, "Sign-in name; asked for when absent");
  command->add_option("--password-file", options->password_file,
                      "File with the password; asked for when absent");
  command->add_option("--token-life", options->life, "How long the token lives, such as 90d")
      ->capture_default_str();
  command->callback([options, &context] {
    const auto done = login(context, *options);
    if (!done) fail(context, done.error());
  });
}

}  // namespace sp::cli
