#include <algorithm>

#include "core/api/internal/json.h"
#include "core/api/internal/shapes.h"
#include "core/api/routes.h"

namespace sp::api {
namespace {

using access::Action;
using settings::Values;

constexpr TextRule short_text{0, 1000, false};
constexpr TextRule long_text{0, 100'000, true};

Json shape_of(const settings::Mail& mail) {
  return {{"host", mail.host},
          {"port", mail.port},
          {"security", name(mail.security)},
          {"username", mail.username},
          {"from", mail.from},
          {"from_name", mail.from_name},
          {"ca_certificate", mail.ca_certificate},
          {"password_set", mail.password_set}};
}
Json shape_of(const settings::Limits& limits) {
  return {{"max_life", to_text(limits.max_life)},
          {"default_life", to_text(limits.default_life)},
          {"max_views", limits.max_views},
          {"default_views", limits.default_views},
          {"max_bytes", limits.max_bytes}};
}
Json shape_of(const settings::Template& one) {
  return {{"subject", one.subject}, {"text", one.text}, {"html", one.html}};
}
Json shape_of(const settings::Branding& branding) {
  const bool logo = !branding.logo.empty();
  return {{"name", branding.name},
          {"colour", branding.colour},
          {"help", branding.help},
          {"logo", logo ? Json(bytes::base64(branding.logo)) : Json(nullptr)},
          {"logo_type", logo ? Json(branding.logo_type) : Json(nullptr)}};
}
Json shape_of(const Values& values) {
  Json templates = Json::object();
  for (std::size_t i = 0; i < settings::template_count; ++i)
    templates[std::string{name(static_cast<settings::TemplateKind>(i))}] =
        shape_of(values.templates[i]);
  return {{"revision", values.revision},           {"mail", shape_of(values.mail)},
          {"limits", shape_of(values.limits)},     {"templates", std::move(templates)},
          {"branding", shape_of(values.branding)}, {"languages", values.languages}};
}

// Reading a change: what is absent stays as it is.
void take(Members& members, const std::string& name, std::string& to, const TextRule& rule) {
  if (members.is_null(name)) members.refuse(name, "must be text");
  if (auto text = members.maybe_text(name, rule)) to = std::move(*text);
}
template <class T>
void take(Members& members, const std::string& name, T& to, std::int64_t least, std::int64_t most) {
  if (const auto number = members.maybe_integer(name, least, most)) to = static_cast<T>(*number);
}
void take(Members& members, const std::string& name, Duration& to) {
  const auto text = members.maybe_text(name, {1, 20});
  if (!text) return;
  const auto duration = parse_duration(*text);
  if (duration) to = *duration;
  if (!duration) members.refuse(name, "must be a duration such as 30m, 3h or 2d");
}

// Runs `read` on the member `name`, if it is there, as an object of its own.
template <class Read>
void inside(Members& members, const std::string& name, const Read& read) {
  auto* value = members.raw(name);
  if (value == nullptr) return;
  Members inner{*value, members.path_of(name) + "."};
  read(inner);
  members.take_over(inner.done());
}

settings::PasswordChange read_mail(Members& in, settings::Mail& mail) {
  using settings::MailSecurity;
  take(in, "host", mail.host, short_text);
  take(in, "port", mail.port, 1, 65535);
  std::string security{name(mail.security)};
  take(in, "security", security, short_text);
  if (security != "none" && security != "starttls" && security != "tls")
    in.refuse("security", "must be none, starttls or tls");
  mail.security = security == "none"  ? MailSecurity::none
                  : security == "tls" ? MailSecurity::tls
                                      : MailSecurity::starttls;
  take(in, "username", mail.username, short_text);
  take(in, "from", mail.from, short_text);
  take(in, "from_name", mail.from_name, short_text);
  take(in, "ca_certificate", mail.ca_certificate, long_text);
  settings::PasswordChange change;
  if (in.is_null("password")) change.what = settings::PasswordChange::What::forget;
  if (auto password = in.maybe_secret("password", {1, 1024})) {
    change.what = settings::PasswordChange::What::set;
    change.password = std::move(*password);
  }
  return change;
}

void read_limits(Members& in, settings::Limits& limits) {
  take(in, "max_life", limits.max_life);
  take(in, "default_life", limits.default_life);
  take(in, "max_views", limits.max_views, 1, 1000);
  take(in, "default_views", limits.default_views, 1, 1000);
  take(in, "max_bytes", limits.max_bytes, 1024, 104857600);
}

void read_template(Members& in, settings::Template& one) {
  take(in, "subject", one.subject, short_text);
  take(in, "text", one.text, long_text);
  take(in, "html", one.html, long_text);
}

// base64 with padding, as a browser writes it.
Result<Bytes> from_base64(std::string text) {
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return bytes::from_base64url(text);
}

void read_branding(Members& in, settings::Branding& branding) {
  take(in, "name", branding.name, short_text);
  take(in, "colour", branding.colour, short_text);
  take(in, "help", branding.help, long_text);
  if (in.is_null("logo")) branding.logo.clear();
  if (auto text = in.maybe_text("logo", {0, 100'000})) {
    auto logo = from_base64(std::move(*text));
    if (!logo) in.refuse("logo", "must be base64");
    branding.logo = logo.value_or(Bytes{});
  }
  if (in.is_null("logo_type")) branding.logo_type.clear();
  if (auto type = in.maybe_text("logo_type")) branding.logo_type = std::move(*type);
}

void read_languages(Members& in, std::vector<std::string>& languages) {
  const auto* value = in.raw("languages");
  if (value == nullptr) return;
  languages.clear();
  if (!value->is_array()) return in.refuse("languages", "must be a list");
  for (const auto& language : *value) {
    if (!language.is_string()) return in.refuse("languages", "must be a list of text");
    languages.push_back(language.get<std::string>());
  }
}

struct Change {
  std::int64_t revision;
  settings::PasswordChange password;
};
Change read_change(Members& in, Values& values) {
  Change change{in.maybe_integer("revision", 0, INT64_MAX).value_or(values.revision), {}};
  inside(in, "mail", [&](Members& mail) { change.password = read_mail(mail, values.mail); });
  inside(in, "limits", [&](Members& limits) { read_limits(limits, values.limits); });
  inside(in, "templates", [&](Members& templates) {
    for (std::size_t i = 0; i < settings::template_count; ++i)
      inside(templates, std::string{name(static_cast<settings::TemplateKind>(i))},
             [&](Members& one) { read_template(one, values.templates[i]); });
  });
  inside(in, "branding", [&](Members& branding) { read_branding(branding, values.branding); });
  read_languages(in, values.languages);
  return change;
}

Result<Response> show(Core& core, Request& request) {
  TRY(access::authorise(request.actor, Action::settings_read));
  return json_response(shape_of(TRY(core.settings.current())));
}

Response changed_meanwhile() {
  return problem(Code::conflict,
                 "somebody changed the settings since you read them: load them again");
}

// A member that could not be read is told once, though its old value may be wrong too.
std::vector<FieldProblem> all_wrong(std::vector<FieldProblem> unread,
                                    const std::vector<settings::FieldError>& unfit) {
  auto all = std::move(unread);
  for (const auto& error : unfit) {
    const auto same = [&](const FieldProblem& known) { return known.field == error.field; };
    if (std::none_of(all.begin(), all.end(), same)) all.push_back({error.field, error.detail});
  }
  return all;
}

Result<Response> change(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::settings_write));
  auto body = parse_json(request.body);
  if (!body) return problem(Code::invalid_input, "the body is not JSON");
  auto values = TRY(core.settings.current());
  Members members{*body};
  auto wanted = read_change(members, values);
  const auto wrong = all_wrong(members.done(), settings::check(values));
  if (!wrong.empty()) return problem(Code::invalid_input, {}, wrong);
  if (wanted.revision != values.revision) return changed_meanwhile();
  const auto stored = core.settings.replace(permit, values, std::move(wanted.password));
  if (!stored && stored.error().code() == Code::conflict) return changed_meanwhile();
  if (!stored) return stored.error();
  return json_response(shape_of(*stored));
}

Result<Response> compose_options(Core& core, Request& request) {
  TRY(access::authorise(request.actor, Action::compose_read));
  const auto values = TRY(core.settings.current());
  return json_response({{"limits", shape_of(values.limits)},
                        {"languages", values.languages},
                        {"invite", shape_of(values.of(settings::TemplateKind::invite))},
                        {"mail_configured", !values.mail.host.empty()},
                        {"grace", "60s"},
                        {"max_grace", "10m"},
                        {"attempts", 5}});
}

Result<Response> test_mail(Core& core, Request& request, const SendTestMail& send) {
  const auto permit = TRY(access::authorise(request.actor, Action::settings_write));
  const auto to = body_of(request, [](Members& members) {
    auto text = members.text("to", {3, 254});
    if (text.find('@') == std::string::npos) members.refuse("to", "must be a mail address");
    return text;
  });
  if (!to) return to.error();
  const auto values = TRY(core.settings.current());
  if (values.mail.host.empty()) return problem(Code::conflict, "set a mail server first");
  const auto answer = send(values, *to);
  audit::Entry entry{.event = audit::Event::mail_tested};
  entry.ending = answer ? audit::Ending::success : audit::Ending::failed;
  entry.actor = access::who(permit.actor());
  entry.source = request.actor.source;
  TRY(core.audit.append(core.store, entry));
  return json_response(
      {{"sent", answer.has_value()}, {"detail", answer ? *answer : answer.error().detail()}});
}

}  // namespace

void add_settings_routes(Router& router, Core& core, SendTestMail send_test_mail) {
  router.add({Method::get, "/settings", Action::settings_read,
              [&core](Request& r) { return show(core, r); }});
  router.add({Method::patch, "/settings", Action::settings_write,
              [&core](Request& r) { return change(core, r); }, Body::json});
  router.add({Method::get, "/settings/compose", Action::compose_read,
              [&core](Request& r) { return compose_options(core, r); }});
  router.add(
      {Method::post, "/settings/mail/test", Action::settings_write,
       [&core, send = std::move(send_test_mail)](Request& r) { return test_mail(core, r, send); },
       Body::json});
}

}  // namespace sp::api
