#include "core/certificates/letter.h"

#include <algorithm>

#include "base/bytes/bytes.h"

namespace sp::certificates {
namespace {

constexpr Duration patience = std::chrono::hours{48};

std::string what(const Watched& watched) {
  switch (watched.certificate.place) {
    case Place::site:
      return "the web site of the core";
    case Place::root:
      return "the root of the site's certificate authority";
    case Place::portal:
      return "the portal of the site " + watched.owner_name;
    case Place::intake:
      return "the link to the site " + watched.owner_name;
  }
  return {};
}

std::string when(int days_left) {
  if (days_left < 0) return "expired";
  if (days_left == 0) return "ends within a day";
  return "ends in " + std::to_string(days_left) + (days_left == 1 ? " day" : " days");
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "no name" : out;
}

// "2026-11-23 22:26 UTC"
std::string shown(Instant at) {
  auto stamp = rfc3339(at).substr(0, 16);
  stamp[10] = ' ';
  return stamp + " UTC";
}

}  // namespace

mail::Letter warning(const Watched& watched, const settings::Values& settings,
                     const std::string& site_url, const mail::Mailbox& to, Instant now) {
  const auto& certificate = watched.certificate;
  mail::Letter letter;
  letter.occasion = mail::Occasion::certificate;
  letter.mail.from = {settings.mail.from, settings.mail.from_name};
  letter.mail.to = to;
  letter.mail.subject = settings.branding.name + ": the certificate of " + what(watched) + " " +
                        when(watched.verdict.days_left);
  letter.mail.text = Secret::copy_of(bytes::of(
      "The certificate of " + what(watched) + " " + when(watched.verdict.days_left) + ".\n\n" +
      "For:         " + listed(certificate.names) + "\n" + "Issued by:   " + certificate.issuer +
      "\n" + "Valid until: " + shown(certificate.not_after) + "\n" +
      "Renewed by:  " + (certificate.renewed_by.empty() ? "hand" : certificate.renewed_by) + "\n" +
      "SHA-256:     " + bytes::hex(certificate.fingerprint) + "\n\n" + watched.verdict.reason +
      "\n\nAll certificates: " + site_url + "/certificates\n"));
  letter.give_up_at = std::max<Instant>(certificate.not_after, now + patience);
  return letter;
}

mail::Letter renewal_failed(const FailedRenewal& failed, const settings::Values& settings,
                            const std::string& site_url, const mail::Mailbox& to, Instant now) {
  mail::Letter letter;
  letter.occasion = mail::Occasion::certificate;
  letter.mail.from = {settings.mail.from, settings.mail.from_name};
  letter.mail.to = to;
  letter.mail.subject = settings.branding.name + ": the certificate of the site " +
                        failed.edge_name + " could not be renewed";
  const auto moment = [](const std::optional<Instant>& at) {
    return at ? shown(*at) : std::string{"not known"};
  };
  letter.mail.text = Secret::copy_of(bytes::of(
      "The certificate of the site " + failed.edge_name + " could not be renewed.\n\n" +
      "For:          " + listed(failed.names) + "\n" + "Ordered from: " + failed.directory + "\n" +
      "Valid until:  " + moment(failed.not_after) + "\n" +
      "Next attempt: " + moment(failed.next_try) + "\n\n" + failed.problem +
      "\n\nAll certificates: " + site_url + "/certificates\n"));
  letter.give_up_at = std::max<Instant>(failed.not_after.value_or(now), now + patience);
  return letter;
}

}  // namespace sp::certificates
