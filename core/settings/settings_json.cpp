#include "core/settings/settings_json.h"

#include <nlohmann/json.hpp>

#include "base/bytes/bytes.h"

namespace sp::settings {
namespace {

using Json = nlohmann::json;

void read(const Json& from, const char* name, std::string& to) {
  if (const auto it = from.find(name); it != from.end() && it->is_string())
    to = it->get<std::string>();
}
template <class T>
void read_number(const Json& from, const char* name, T& to) {
  if (const auto it = from.find(name); it != from.end() && it->is_number_integer())
    to = static_cast<T>(it->get<std::int64_t>());
}
Json part(const Json& from, const char* name) {
  const auto it = from.find(name);
  return it != from.end() && it->is_object() ? *it : Json::object();
}

MailSecurity security_named(const std::string& text) {
  for (const auto security : {MailSecurity::none, MailSecurity::tls}) {
    if (text == name(security)) return security;
  }
  return MailSecurity::starttls;
}

Json of(const Mail& mail) {
  return {{"host", mail.host},
          {"port", mail.port},
          {"security", name(mail.security)},
          {"username", mail.username},
          {"from", mail.from},
          {"from_name", mail.from_name},
          {"ca_certificate", mail.ca_certificate}};
}
void read(const Json& from, Mail& mail) {
  read(from, "host", mail.host);
  read_number(from, "port", mail.port);
  std::string security{name(mail.security)};
  read(from, "security", security);
  mail.security = security_named(security);
  read(from, "username", mail.username);
  read(from, "from", mail.from);
  read(from, "from_name", mail.from_name);
  read(from, "ca_certificate", mail.ca_certificate);
}

Json of(const Limits& limits) {
  return {{"max_life_ms", limits.max_life.count()},
          {"default_life_ms", limits.default_life.count()},
          {"max_views", limits.max_views},
          {"default_views", limits.default_views},
          {"max_bytes", limits.max_bytes}};
}
void read(const Json& from, Limits& limits) {
  auto most = limits.max_life.count(), usual = limits.default_life.count();
  read_number(from, "max_life_ms", most);
  read_number(from, "default_life_ms", usual);
  limits.max_life = Duration{most};
  limits.default_life = Duration{usual};
  read_number(from, "max_views", limits.max_views);
  read_number(from, "default_views", limits.default_views);
  read_number(from, "max_bytes", limits.max_bytes);
}

Json of(const Branding& branding) {
  return {{"name", branding.name},
          {"colour", branding.colour},
          {"help", branding.help},
          {"logo", bytes::base64url(branding.logo)},
          {"logo_type", branding.logo_type}};
}
void read(const Json& from, Branding& branding) {
  read(from, "name", branding.name);
  read(from, "colour", branding.colour);
  read(from, "help", branding.help);
  read(from, "logo_type", branding.logo_type);
  std::string logo;
  read(from, "logo", logo);
  if (auto decoded = bytes::from_base64url(logo)) branding.logo = std::move(*decoded);
}

Json of(const Template& one) {
  return {{"subject", one.subject}, {"text", one.text}, {"html", one.html}};
}
void read(const Json& from, Template& one) {
  read(from, "subject", one.subject);
  read(from, "text", one.text);
  read(from, "html", one.html);
}

}  // namespace

std::string encode(const Values& values) {
  Json templates = Json::object();
  for (std::size_t i = 0; i < template_count; ++i)
    templates[std::string{name(static_cast<TemplateKind>(i))}] = of(values.templates[i]);
  const Json all{{"mail", of(values.mail)},
                 {"limits", of(values.limits)},
                 {"branding", of(values.branding)},
                 {"templates", std::move(templates)},
                 {"languages", values.languages}};
  return all.dump();
}

Result<Values> decode(std::string_view text) {
  const auto all = Json::parse(text, nullptr, false);
  if (!all.is_object()) return Error{Code::corrupt, "stored settings"};
  auto values = defaults();
  read(part(all, "mail"), values.mail);
  read(part(all, "limits"), values.limits);
  read(part(all, "branding"), values.branding);
  const auto templates = part(all, "templates");
  for (std::size_t i = 0; i < template_count; ++i)
    read(part(templates, std::string{name(static_cast<TemplateKind>(i))}.c_str()),
         values.templates[i]);
  if (const auto it = all.find("languages"); it != all.end() && it->is_array()) {
    values.languages.clear();
    for (const auto& language : *it) {
      if (language.is_string()) values.languages.push_back(language.get<std::string>());
    }
  }
  return values;
}

}  // namespace sp::settings
