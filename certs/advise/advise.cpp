#include "certs/advise/advise.h"

#include <algorithm>
#include <array>

namespace sp::certs {
namespace {

// RFC 6761, RFC 8375 and ICANN's .internal: no public authority signs for these.
constexpr std::array inside_domains{"localhost", "local",   "internal", "home.arpa", "lan",
                                    "test",      "invalid", "example",  "corp",      "home"};

bool is_inside_name(const Host& host) {
  if (host.kind == Host::Kind::address) return true;
  const auto base = host.base();
  return base.find('.') == std::string_view::npos ||
         std::ranges::any_of(inside_domains, [&](std::string_view domain) {
           return base.ends_with(domain) && base.size() > domain.size() &&
                  base[base.size() - domain.size() - 1] == '.';
         });
}

std::string counted(unsigned count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string{count == 1 ? one : many};
}

/// Why only a public authority will do; empty when another kind will.
std::vector<std::string> reasons_for_public(const Situation& is) {
  std::vector<std::string> all;
  if (is.from_outside)
    all.emplace_back("people come from outside, and their browsers trust public authorities alone");
  if (is.unmanaged_devices)
    all.emplace_back(
        "machines that are in no domain trust neither an internal authority nor a self-signed "
        "certificate, and nobody can tell them to from here");
  if (is.other_servers > 0)
    all.push_back("the same certificate is to serve " +
                  counted(is.other_servers, "other web server", "other web servers") +
                  " (portal, gateway, app server)");
  if (is.remote_sites > 0)
    all.push_back("sessions go to " + counted(is.remote_sites, "remote site", "remote sites") +
                  " over the internet");
  return all;
}

Wildcard wildcard_for(const Situation& is, Kind kind) {
  if (kind == Kind::self_signed) return Wildcard::no;
  if (is.remote_sites > 1) return Wildcard::required;
  if (is.remote_sites == 1 || is.other_servers > 1) return Wildcard::useful;
  return Wildcard::no;
}

std::string reason_for(Wildcard wildcard, const Situation& is) {
  if (wildcard == Wildcard::required)
    return "a wildcard is required: each remote site has a name of its own below yours, and "
           "browsers "
           "must reach SSH and RDP sessions under all of them";
  if (is.remote_sites == 1)
    return "a wildcard is useful: a second remote site then needs no new certificate";
  return "a wildcard is useful: one certificate serves all these servers; one with every name in "
         "it "
         "does, too";
}

std::string hosts_of(const Situation& is) {
  std::string all;
  for (const auto& host : is.hosts)
    all += " --url https://" +
           (host.text.find(':') == std::string::npos ? host.text : "[" + host.text + "]");
  return all.empty() ? " --url https://HOST" : all;
}

std::vector<std::string> commands_for(const Advice& advice, const Situation& is) {
  const auto urls = hosts_of(is);
  const std::string wildcard = advice.wildcard == Wildcard::no ? "" : " --wildcard";
  switch (advice.kind) {
    case Kind::self_signed:
      return {"sallyport-certs self-signed --out DIR" + urls};
    case Kind::internal:
      if (is.has_internal_ca)
        return {"sallyport-certs csr --out DIR" + urls + wildcard +
                    (is.domain_joined ? " --for adcs --template WebServer" : ""),
                "sallyport-certs import server.cer --key DIR/server.key --out DIR --name server "
                "--force"};
      return {"sallyport-certs ca init --out CA" + urls,
              "sallyport-certs issue --ca CA --out DIR --name server" + urls + wildcard,
              "sallyport-certs ca export-root --ca CA --der --out root.cer"};
    case Kind::online:
      break;
  }
  std::string domain;
  if (advice.wildcard != Wildcard::no) domain = " --domain '*.DOMAIN'";
  const std::string proof =
      advice.wildcard == Wildcard::no ? " --http-01 listen=0.0.0.0:80" : " --dns-01 hook=PROGRAM";
  return {
      "sallyport-certs acme issue --directory URL --agree-terms --out DIR" + urls + domain + proof,
      "sallyport-certs acme renew --out DIR"};
}

std::vector<std::string> problems_of(const Advice& advice, const Situation& is) {
  std::vector<std::string> all;
  if (advice.kind == Kind::online) {
    for (const auto& host : is.hosts)
      if (is_inside_name(host))
        all.push_back("no public authority signs for " + host.text +
                      "; give the site a name in a domain that you own in the public DNS");
    if (advice.wildcard == Wildcard::required)
      all.emplace_back(
          "a wildcard is proved by a record in the DNS (dns-01), so the DNS of the domain "
          "must be reachable for a program or a person");
  }
  if (advice.kind == Kind::internal && !is.domain_joined)
    all.emplace_back(
        "without a domain no policy spreads the authority's certificate: install it on "
        "each machine, or by whatever manages them");
  return all;
}

}  // namespace

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::self_signed:
      return "self-signed";
    case Kind::internal:
      return "internal CA";
    case Kind::online:
      return "public CA";
  }
  return "?";
}

std::string_view name(Wildcard wildcard) {
  switch (wildcard) {
    case Wildcard::no:
      return "no";
    case Wildcard::useful:
      return "useful";
    case Wildcard::required:
      return "required";
  }
  return "?";
}

Advice advise(const Situation& is) {
  Advice advice;
  advice.reasons = reasons_for_public(is);
  if (!advice.reasons.empty()) {
    advice.kind = Kind::online;
  } else if (is.has_internal_ca && is.domain_joined) {
    advice.kind = Kind::internal;
    advice.reasons.emplace_back(
        "an internal authority stands already, and all who come are in the "
        "domain that trusts it");
  } else if (!is.few_users || is.has_internal_ca) {
    advice.kind = Kind::internal;
    advice.reasons.emplace_back(
        is.has_internal_ca ? "an internal authority stands already, and nobody comes from outside"
                           : "too many machines to visit each: an authority of your own is trusted "
                             "once, by policy, "
                             "and each later certificate by itself");
  } else {
    advice.reasons.emplace_back(
        "a few people on one network: the certificate is installed once on "
        "each machine, and costs nothing");
  }
  advice.wildcard = wildcard_for(is, advice.kind);
  if (advice.wildcard != Wildcard::no) advice.reasons.push_back(reason_for(advice.wildcard, is));
  advice.problems = problems_of(advice, is);
  advice.commands = commands_for(advice, is);
  return advice;
}

const std::vector<Comparison>& comparisons() {
  static const std::vector<Comparison> all{
      {Kind::self_signed,
       {"made on demand", "free", "needs nobody else"},
       {"no browser trusts it until it is installed on each machine", "no wildcard"}},
      {Kind::internal,
       {"more secure than self-signed", "free", "no warning on machines of the domain",
        "wildcards: one certificate for several addresses"},
       {"its root must be spread by policy or by hand",
        "browsers outside of the network, or in no domain, warn"}},
      {Kind::online,
       {"every browser accepts it, from everywhere", "nothing to install for anybody",
        "a fixed name or a wildcard", "renewed by itself over ACME"},
       {"may cost", "needs a name in the public DNS", "lives for 200 days at most, soon for 47"}},
  };
  return all;
}

}  // namespace sp::certs
