#include "certs/lint/clients.h"

#include <array>

#include "certs/lint/internal/rule.h"

namespace sp::certs::lint {
namespace {

enum Client : unsigned {
  chrome = 1,
  firefox = 2,
  apple = 4,
  windows = 8,
  java = 16,
  android = 32,
  everyone = 63
};
constexpr std::array<std::pair<Client, std::string_view>, 6> families{{{chrome, "Chrome"},
                                                                       {firefox, "Firefox"},
                                                                       {apple, "Apple"},
                                                                       {windows, "Windows"},
                                                                       {java, "Java"},
                                                                       {android, "Android"}}};

struct Asked {
  const View& leaf;
  bool is_public;
};

struct Refusal {
  unsigned clients;
  bool (*refuses)(const Asked&);
  std::string_view sentence;
};

bool is_sha1(const View& view) {
  return view.outer_signature.type == "1.2.840.113549.1.1.5" ||
         view.outer_signature.type == "1.2.840.10045.4.1";
}
bool small_rsa(const View& view) {
  const auto key = rsa_key(view);
  return key && key->bits() < 2048;
}
bool issued_since(const View& view, Day day) {
  return view.from.at && *view.from.at >= Instant{std::chrono::sys_days{day}};
}

// Apple's limits: support.apple.com 103769 (825 days, all authorities, since 2019-07-01) and 102028
// (398 days, built-in roots, since 2020-09-01), which Chrome shares; those of the Baseline
// Requirements follow for built-in roots.
constexpr Refusal refusals[] = {
    {everyone,
     [](const Asked& a) { return !a.leaf.alternative_names || a.leaf.alternative_names->empty(); },
     "it has no alternative names, and the common name is not read any more: get one with the "
     "names in it"},
    {everyone, [](const Asked& a) { return is_sha1(a.leaf) && !a.leaf.is_self_issued(); },
     "it is signed with SHA-1: have it signed with SHA-256"},
    {everyone,
     [](const Asked& a) {
       return a.leaf.extended_key_usage.present && !a.leaf.has_purpose(oid::server_auth) &&
              !a.leaf.has_purpose(oid::any_extended_key_usage);
     },
     "it is not for servers by its extended key usage: get one for server authentication"},
    {chrome | firefox | apple | windows | android, [](const Asked& a) { return small_rsa(a.leaf); },
     "its RSA key has less than 2048 bits: make a new key"},
    {chrome | firefox | apple | windows | android,
     [](const Asked& a) { return a.leaf.key.type == oid::ed25519; },
     "it has an Ed25519 key, which no browser takes: make a P-256 key"},
    {chrome | firefox | apple | android, [](const Asked& a) { return a.leaf.key.type == oid::dsa; },
     "it has a DSA key: make a P-256 key"},
    {chrome | windows, [](const Asked& a) { return curve_of(a.leaf) == oid::p521; },
     "its key is on P-521, which it does not offer by default: make a P-256 key"},
    {apple,
     [](const Asked& a) {
       return issued_since(a.leaf, day(2019, 7, 1)) && !a.leaf.has_purpose(oid::server_auth);
     },
     "it does not say that it is for servers (extended key usage), which Apple insists on: get one "
     "for server authentication"},
    {apple,
     [](const Asked& a) {
       return issued_since(a.leaf, day(2019, 7, 1)) && life(a.leaf) > std::chrono::days{825};
     },
     "it lives longer than 825 days, which Apple refuses of every authority: issue it for less"},
    {chrome | apple,
     [](const Asked& a) {
       return a.is_public && issued_since(a.leaf, day(2020, 9, 1)) &&
              life(a.leaf) > std::chrono::days{398};
     },
     "it lives longer than 398 days: have it issued for less"},
    {firefox, [](const Asked& a) { return a.leaf.is_authority(); },
     "it is an authority's used as a server's: issue one under it and serve that"},
};

/// What is no refusal, but what people then ask about.
std::string_view advice(Client client, bool is_public) {
  if (is_public) return "accepts it";
  switch (client) {
    case chrome:
      return "accepts it once the root is in the system's store (on Linux in its own NSS store)";
    case firefox:
      return "accepts it once the root is in its own store, or by the policy ImportEnterpriseRoots";
    case apple:
      return "accepts it once the root is installed and switched on under Certificate Trust "
             "Settings";
    case windows:
      return "accepts it once the root is in Trusted Root Certification Authorities of the "
             "machine, as by group policy";
    case java:
      return "accepts it once the root is in the cacerts or the truststore that the program names";
    default:
      return "browsers accept it once the root is installed as a CA certificate; apps may not heed "
             "what users install";
  }
}

ClientOpinion opinion_of(Client client, std::string_view name, const Asked& asked) {
  for (const auto& one : refusals)
    if ((one.clients & client) != 0 && one.refuses(asked)) return {name, false, one.sentence};
  return {name, true, advice(client, asked.is_public)};
}

}  // namespace

std::vector<ClientOpinion> client_opinions(const View& leaf, bool is_public) {
  std::vector<ClientOpinion> all;
  for (const auto& [client, name] : families)
    all.push_back(opinion_of(client, name, {leaf, is_public}));
  return all;
}

}  // namespace sp::certs::lint
