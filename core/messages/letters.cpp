#include "core/messages/letters.h"

#include "base/bytes/bytes.h"

namespace sp::messages {
namespace {

constexpr Duration patience_with_notices = std::chrono::hours{48};

Secret secret(std::string_view text) {
  return Secret::copy_of(bytes::of(text));
}
std::string text(const Secret& value) {
  return std::string{bytes::text(value.expose())};
}

// "2026-11-23 22:26 UTC": a date that nobody reads the wrong way round.
std::string shown(Instant at) {
  auto stamp = rfc3339(at).substr(0, 16);
  stamp[10] = ' ';
  return stamp + " UTC";
}

settings::TemplateKind kind_of(mail::Occasion occasion) {
  switch (occasion) {
    case mail::Occasion::invite:
      return settings::TemplateKind::invite;
    case mail::Occasion::viewed:
      return settings::TemplateKind::viewed;
    case mail::Occasion::destroyed_unread:
      return settings::TemplateKind::destroyed_unread;
    case mail::Occasion::wrong_passphrase:
      return settings::TemplateKind::wrong_passphrase;
    case mail::Occasion::certificate:
      break;  // no letter of a message
  }
  return settings::TemplateKind::invite;
}

// The administrator's template if there is one; as long as it is the one that every core begins
// with, ours in the language of the message.
mail::Template template_of(const settings::Values& values, mail::Occasion occasion,
                           std::string_view language) {
  static const auto untouched = settings::defaults();
  const auto& own = values.of(kind_of(occasion));
  const auto& first = untouched.of(kind_of(occasion));
  if (own.subject == first.subject && own.text == first.text && own.html == first.html)
    return mail::default_template(occasion, language);
  return {own.subject, own.text, own.html};
}

mail::Variables variables_of(const LetterFrame& frame, const Message& message) {
  mail::Variables out;
  out.emplace("ToFirstName", secret(message.to_name.value_or("")));
  out.emplace("ToEmailAddress", secret(message.to.value_or("–")));
  out.emplace("UserName", secret(message.sender_name));
  out.emplace("UserEmail", secret(message.sender_email));
  out.emplace("ExpirePeriod", secret(to_text(message.expires_at - message.created_at)));
  out.emplace("ExpiresAt", secret(shown(message.expires_at)));
  out.emplace("Views", secret(std::to_string(message.views)));
  out.emplace("Subject", secret(message.subject.value_or("–")));
  out.emplace("Version", secret(SALLYPORT_VERSION));
  out.emplace("SiteURL", secret(frame.site_url));
  out.emplace("SiteName", secret(frame.settings.branding.name));
  return out;
}

mail::Letter letter_of(const LetterFrame& frame, mail::Occasion occasion, const Message& message,
                       const mail::Template& from, const mail::Variables& variables) {
  mail::Letter letter;
  letter.occasion = occasion;
  letter.message = message.id;
  letter.mail.from = {frame.settings.mail.from, frame.settings.mail.from_name};
  letter.mail.subject = text(mail::expand(from.subject, variables, mail::Markup::plain));
  letter.mail.text = mail::expand(from.text, variables, mail::Markup::plain);
  if (!from.html.empty()) letter.mail.html = mail::expand(from.html, variables, mail::Markup::html);
  return letter;
}

// What a sender wrote: as text it is taken as it is, as HTML with br, b and p alone.
void take_own_body(mail::Template& from, const Secret& body) {
  const auto own = text(body);
  const bool marked_up = own.find("<p>") != std::string::npos ||
                         own.find("<br") != std::string::npos ||
                         own.find("<b>") != std::string::npos;
  from.text = own;
  from.html = marked_up ? mail::restricted_html(own) : "";
}

}  // namespace

bool can_mail(const settings::Values& settings) {
  return !settings.mail.host.empty() && mail::is_address(settings.mail.from);
}

mail::SmtpServer server_of(const settings::Values& settings, Secret password) {
  mail::SmtpServer out;
  out.host = settings.mail.host;
  out.port = settings.mail.port;
  out.user = settings.mail.username;
  out.password = std::move(password);
  out.ca = settings.mail.ca_certificate;
  switch (settings.mail.security) {
    case settings::MailSecurity::none:
      out.security = mail::Security::none;
      break;
    case settings::MailSecurity::starttls:
      out.security = mail::Security::starttls;
      break;
    case settings::MailSecurity::tls:
      out.security = mail::Security::tls;
      break;
  }
  return out;
}

mail::Letter invitation(const LetterFrame& frame, const Invitation& invitation) {
  const auto& message = invitation.message;
  auto from = template_of(frame.settings, mail::Occasion::invite, message.language);
  if (message.subject) from.subject = *message.subject;
  if (invitation.body) take_own_body(from, *invitation.body);
  auto variables = variables_of(frame, message);
  variables.emplace("URL", Secret::copy_of(invitation.url.expose()));

  auto letter = letter_of(frame, mail::Occasion::invite, message, from, variables);
  letter.mail.to = {*message.to, message.to_name.value_or("")};
  letter.start = mail::Start::when_released;
  letter.give_up_at = message.expires_at;
  return letter;
}

mail::Letter notice(const LetterFrame& frame, const Notice& notice) {
  auto variables = variables_of(frame, notice.message);
  variables.emplace("When", secret(shown(notice.when)));
  variables.emplace("Network", secret(notice.network.empty() ? "–" : notice.network));

  const auto from = template_of(frame.settings, notice.occasion, notice.message.language);
  auto letter = letter_of(frame, notice.occasion, notice.message, from, variables);
  letter.mail.to = {notice.message.sender_email, notice.message.sender_name};
  letter.give_up_at = notice.when + patience_with_notices;
  return letter;
}

}  // namespace sp::messages
