#include "base/config/files.h"
#include "base/findings/machine.h"
#include "base/probe/probe.h"
#include "base/setup/certificate.h"
#include "base/tls/certificate.h"

namespace sp::findings {
namespace {

constexpr std::chrono::days soon{21};
constexpr std::chrono::seconds patience{10};

std::int64_t days_until(Instant then, Instant now) {
  return std::chrono::floor<std::chrono::days>(then - now).count();
}

Finding dates(const std::string& about, const X509& leaf, Instant now) {
  const auto until = tls::not_after(leaf);
  const auto days = days_until(until, now);
  if (tls::not_before(leaf) > now)
    return bad(about, "It is not valid before " + rfc3339(tls::not_before(leaf)) + ".",
               "Clients refuse it, or this clock is wrong.", "look at the clock first");
  if (until <= now)
    return bad(about, "It expired at " + rfc3339(until) + ".", "Clients refuse it.", "renew it");
  const auto words = "It is valid for " + std::to_string(days) + " more days.";
  if (until - now > soon) return good(about, words);
  return note(about, words, "Clients refuse it afterwards.", "renew it");
}

Findings files(const Listener& one, Instant now) {
  const auto about = one.about + " cert";
  const auto text = config::read_file(one.certificate);
  if (!text)
    return {bad(about, text.error().detail(), "The service does not start.",
                "run setup --certificate")};
  const auto chain = tls::parse_chain(bytes::text(*text));
  if (!chain)
    return {bad(about, one.certificate.string() + " holds no certificate.",
                "The service does not start.", "run setup --certificate")};
  Findings out{dates(about, *chain->front(), now)};
  const auto matches = setup::key_matches(one.certificate, one.key);
  if (!matches)
    out.push_back(bad(about, matches.error().detail(), "The service does not start.",
                      "run setup --certificate"));
  if (!one.judged) return out;
  const auto roots = setup::roots_of(one.certificate);
  const auto trusted = probe::trusted(*chain, one.host, roots, now);
  if (!trusted)
    out.push_back(bad(about, trusted.error().detail(), "Browsers warn or refuse.",
                      "run setup --certificate; put the whole chain into the file"));
  else if (!roots.empty())
    out.push_back(note(about, "Its authority is its own or an internal one.",
                       "Browsers warn until they trust it.", "give its root to those who use it"));
  else
    out.push_back(good(about, "Browsers trust it for " + one.host + "."));
  return out;
}

// Whether what is shown is what the file holds.
Finding shown(const Listener& one) {
  const auto about = one.about + " port";
  const auto place = probe::listener_of(one.listen);
  if (!place)
    return bad(about, one.listen + " " + place.error().detail(), "It cannot start.", "run setup");
  const auto seen = probe::open_site(probe::from_here(*place), one.host, one.path, patience);
  if (!seen)
    return bad(
        about, seen.error().detail() + ".", "Nobody reaches it.",
        "start it: systemctl start " + one.service + "; its log: journalctl -u " + one.service);
  if (seen->status != 200)
    return bad(about, "It answers with status " + std::to_string(seen->status) + ".",
               "It does not work as it should, or another program listens there.", "read its log");
  const auto text = config::read_file(one.certificate);
  const auto leaf = text ? tls::parse_certificate(bytes::text(*text)) : text.error();
  if (leaf && !seen->chain.empty() && ::X509_cmp(leaf->get(), seen->chain.front().get()) != 0)
    return bad(about,
               "It shows another certificate than the one in " + one.certificate.string() + ".",
               "A renewed one was not taken, or another program listens there.",
               "systemctl restart " + one.service);
  return good(about, one.listen + " answers over " + seen->protocol + ".");
}

}  // namespace

Findings listener(const Listener& one, Instant now) {
  auto out = files(one, now);
  out.push_back(shown(one));
  return out;
}

}  // namespace sp::findings
