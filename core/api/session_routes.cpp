#include "core/api/internal/dispatch.h"
#include "core/api/internal/json.h"
#include "core/api/internal/shapes.h"
#include "core/api/routes.h"

namespace sp::api {
namespace {

using access::Action;

std::string set_cookie(const std::string& value) {
  return std::string{session_cookie} + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=Strict" +
         (value.empty() ? "; Max-Age=0" : "");
}

Json brand_of(const settings::Values& values) {
  return {{"name", values.branding.name}, {"colour", values.branding.colour}};
}

Result<Json> session_shape(Core& core, const people::Person& person, const std::string& csrf_token,
                           std::optional<Instant> expires_at, std::optional<access::Scope> scope) {
  const auto values = TRY(core.settings.current());
  return Json{{"user", shape(person)},
              {"csrf_token", csrf_token.empty() ? Json(nullptr) : Json(csrf_token)},
              {"must_change_password", !scope && person.must_change_password},
              {"expires_at", shape(expires_at)},
              {"idle_seconds",
               scope ? Json(nullptr) : Json(std::chrono::seconds{people::idle_limit}.count())},
              {"scope", scope ? Json(access::name(*scope)) : Json(nullptr)},
              {"brand", brand_of(values)},
              {"version", SALLYPORT_VERSION}};
}

Result<Response> opened(Core& core, const people::SignIn& answer) {
  const auto body = TRY(session_shape(core, answer.person, answer.csrf_token,
                                      core.clock.now() + people::absolute_limit, std::nullopt));
  auto response = json_response(body);
  response.headers.emplace_back("Set-Cookie", set_cookie(answer.cookie));
  return response;
}

Response locked(const people::SignIn& answer) {
  return problem(Problem{Code::too_many,
                         "too many wrong passwords: wait, then try again",
                         "locked",
                         {},
                         static_cast<int>(answer.retry_after.count())});
}

Result<Response> sign_in(Core& core, Request& request) {
  const auto wanted = body_of(request, [](Members& members) {
    return std::pair{members.text("login", {1, 64}), members.secret("password", {1, 1024, true})};
  });
  if (!wanted) return wanted.error();
  const auto& [login, password] = *wanted;
  const auto answer = TRY(core.people.sign_in(login, password, request.actor.source));
  if (answer.step == people::SignIn::Step::locked) return locked(answer);
  if (answer.step == people::SignIn::Step::refused)
    return problem(Code::unauthenticated, "the name or the password is wrong");
  return opened(core, answer);
}

Result<Response> show(Core& core, Request& request) {
  const auto& actor = request.actor;
  const auto person = TRY(core.people.of(actor));
  if (actor.kind == access::Actor::Kind::token)
    return json_response(TRY(session_shape(core, person, "", std::nullopt, actor.scope)));
  const auto caller = TRY(core.people.by_cookie(request.cookie, actor.source));
  if (!caller) return problem(Code::unauthenticated);
  return json_response(TRY(session_shape(core, person, caller->session->csrf_token,
                                         caller->session->expires_at, std::nullopt)));
}

Result<Response> sign_out(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::session_close));
  TRY(core.people.sign_out(permit));
  auto response = no_content();
  response.headers.emplace_back("Set-Cookie", set_cookie(""));
  return response;
}

Response refused_password(const Error& error) {
  const bool same = error.detail().find("old one") != std::string::npos;
  const bool login = error.detail().find("login") != std::string::npos;
  const std::string detail = same    ? "must differ from the old one"
                             : login ? "must not be your sign-in name"
                                     : "must be at least 12 characters long";
  return problem(Code::invalid_input, {}, {{"new_password", detail}});
}

Result<Response> change_password(Core& core, Request& request) {
  const auto wanted = body_of(request, [](Members& members) {
    return std::pair{members.secret("old_password", {1, 1024, true}),
                     members.secret("new_password", {1, 1024, true})};
  });
  if (!wanted) return wanted.error();
  const auto& [old_password, new_password] = *wanted;
  const auto permit = TRY(access::authorise(request.actor, Action::password_change));
  const auto answer = core.people.change_password(permit, old_password, new_password);
  if (!answer && answer.error().code() == Code::invalid_input)
    return refused_password(answer.error());
  if (!answer) return answer.error();
  if (answer->step == people::SignIn::Step::locked) return locked(*answer);
  if (answer->step == people::SignIn::Step::refused)
    return problem(
        Problem{Code::forbidden, {}, "wrong_password", {{"old_password", "is not right"}}, {}});
  return opened(core, *answer);
}

}  // namespace

void add_session_routes(Router& router, Core& core) {
  router.add({Method::post, "/session", Action::session_open,
              [&core](Request& r) { return sign_in(core, r); }, Body::json});
  router.add({Method::get, "/session", Action::session_read,
              [&core](Request& r) { return show(core, r); }});
  router.add({Method::del, "/session", Action::session_close,
              [&core](Request& r) { return sign_out(core, r); }});
  router.add({Method::post, "/session/password", Action::password_change,
              [&core](Request& r) { return change_password(core, r); }, Body::json});
}

}  // namespace sp::api
