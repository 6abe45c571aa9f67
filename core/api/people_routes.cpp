#include "core/api/idempotency.h"
#include "core/api/internal/json.h"
#include "core/api/internal/shapes.h"
#include "core/api/routes.h"

namespace sp::api {
namespace {

using access::Action;

bool mail_address(std::string_view text) {
  const auto at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find_first_of(" <>\",;") == std::string_view::npos;
}

// Nothing when absent; a null that was given is kept as "no address".
std::optional<std::optional<std::string>> email_of(Members& members) {
  if (members.is_null("email")) return std::optional<std::string>{};
  auto email = members.maybe_text("email", {3, 254});
  if (!email) return std::nullopt;
  if (!mail_address(*email)) members.refuse("email", "must be a mail address");
  return std::optional{std::move(*email)};
}

std::optional<access::Role> role_of(Members& members) {
  const auto text = members.maybe_text("role");
  if (!text) return std::nullopt;
  const auto role = access::role_named(*text);
  if (role) return *role;
  members.refuse("role", "must be administrator or user");
  return std::nullopt;
}

Result<Response> list(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::people_read));
  const auto page = TRY(page_of(request));
  const auto found =
      TRY(core.people.list(permit, request.asked("q").value_or(""), page.after, page.limit));
  return page_response(
      found, page.limit, [](const auto& last) { return last.login; },
      [](const auto& person) { return shape(person); });
}

Result<Response> show(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::people_read));
  return json_response(shape(TRY(core.people.find(permit, request.parameter("id")))));
}

Json with_password(const people::WithOneTimePassword& made) {
  return bytes::text(made.one_time_password.expose());
}

Result<Response> created(Core& core, const access::Permit& permit,
                         const people::NewPerson& wanted) {
  const auto made = core.people.create(permit, wanted);
  if (!made && made.error().code() == Code::conflict)
    return problem(Code::conflict, {}, {{"login", "is taken: choose another"}});
  if (!made) return made.error();
  return json_response(
      {{"person", shape(made->person)}, {"one_time_password", with_password(*made)}}, 201);
}

people::NewPerson new_person_of(Members& members) {
  people::NewPerson wanted;
  const auto login = people::canonical_login(members.text("login", {1, 64}));
  if (!login)
    members.refuse(
        "login",
        "must be 2 to 64 of letters, digits and . _ - @, beginning with a letter or digit");
  wanted.login = login.value_or("");
  wanted.name = members.maybe_text("name", {0, 200}).value_or("");
  wanted.email = email_of(members).value_or(std::nullopt);
  wanted.role = role_of(members).value_or(access::Role::user);
  return wanted;
}

Result<Response> create(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::people_write));
  const auto wanted = body_of(request, new_person_of);
  if (!wanted) return wanted.error();
  return once(core, request, bytes::of(request.body),
              [&](const Keep&) { return created(core, permit, *wanted); });
}

people::PersonChange change_of(Members& members) {
  people::PersonChange wanted;
  wanted.name = members.maybe_text("name", {1, 200});
  wanted.email = email_of(members);
  wanted.role = role_of(members);
  wanted.disabled = members.maybe_flag("disabled");
  return wanted;
}

Result<Response> change(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::people_write));
  const auto wanted = body_of(request, change_of);
  if (!wanted) return wanted.error();
  const auto person = core.people.change(permit, request.parameter("id"), *wanted);
  if (!person && person.error().code() == Code::conflict)
    return problem(Code::conflict, "at least one enabled administrator must remain");
  if (!person) return person.error();
  return json_response(shape(*person));
}

Result<Response> reset(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::people_write));
  const auto made = TRY(core.people.reset_password(permit, request.parameter("id")));
  return json_response({{"one_time_password", with_password(made)}});
}

}  // namespace

void add_people_routes(Router& router, Core& core) {
  router.add(
      {Method::get, "/people", Action::people_read, [&core](Request& r) { return list(core, r); }});
  router.add({Method::post, "/people", Action::people_write,
              [&core](Request& r) { return create(core, r); }, Body::json});
  router.add({Method::get, "/people/{id}", Action::people_read,
              [&core](Request& r) { return show(core, r); }});
  router.add({Method::patch, "/people/{id}", Action::people_write,
              [&core](Request& r) { return change(core, r); }, Body::json});
  router.add({Method::post, "/people/{id}/reset-password", Action::people_write,
              [&core](Request& r) { return reset(core, r); }});
}

}  // namespace sp::api
