#include "core/orders/internal/check.h"

#include <algorithm>

#include "base/tls/certificate.h"
#include "certs/acme/answers.h"
#include "certs/acme/dns_01.h"
#include "certs/acme/dns_message.h"
#include "certs/acme/transport.h"
#include "core/mail/mime.h"

namespace sp::orders {
namespace {

constexpr std::size_t most_servers = 20;

void check_names(const NewOrder& wanted, std::vector<Problem>& out) {
  if (wanted.names.empty() || wanted.names.size() > acme::most_names)
    out.push_back({"names", "1 to 100 names"});
  for (const auto& name : wanted.names) {
    const auto host = certs::Host::parse(name);
    if (!host || host->text != name)
      out.push_back({"names", "must be DNS names in lower case (A-labels) or IP addresses"});
    else if (host->is_wildcard() && wanted.proof.kind == acme::ChallengeKind::http_01)
      out.push_back({"names", "a wildcard is proved by dns-01 alone"});
    if (!out.empty()) return;
  }
}

void check_ca(const NewOrder& wanted, std::vector<Problem>& out) {
  const auto& ca = wanted.ca;
  if (!acme::parse_url(ca.directory))
    out.push_back({"directory", "must be the https address of the CA's directory"});
  if (!ca.roots.empty() && !tls::parse_chain(ca.roots))
    out.push_back({"ca_roots", "must be certificates in PEM"});
  if (!ca.contact.empty() && !mail::is_address(ca.contact))
    out.push_back({"contact", "must be a mail address"});
  if (ca.external_id.empty() == wanted.external_key.has_value())
    out.push_back({"external_key", "goes together with external_id"});
  if (wanted.external_key && !bytes::from_base64url(bytes::text(wanted.external_key->expose())))
    out.push_back({"external_key", "must be base64url, as the CA gave it"});
}

bool is_file_name(std::string_view text) {
  return !text.empty() && text.front() != '.' && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  });
}

void check_dns(const NewOrder& wanted, std::vector<Problem>& out) {
  const auto& proof = wanted.proof;
  if (proof.name_server.empty() == proof.hook.empty())
    out.push_back({"name_server", "dns-01 goes by name_server or by hook: give one of them"});
  if (!proof.hook.empty() && !is_file_name(proof.hook))
    out.push_back(
        {"hook", "must be the name of a file in the folder hooks beside the core's root key"});
  if (proof.name_server.empty()) return;
  if (!acme::DnsServer::parse(proof.name_server))
    out.push_back({"name_server", "must be ADDRESS, ADDRESS:PORT or [IPv6]:PORT"});
  if (!proof.zone.empty() && !acme::dns::wire_name(proof.zone))
    out.push_back({"zone", "must be a DNS name"});
  if (proof.seen_by.size() > most_servers ||
      !std::ranges::all_of(proof.seen_by,
                           [](const auto& one) { return acme::DnsServer::parse(one).has_value(); }))
    out.push_back({"seen_by", "must be at most 20 name servers: ADDRESS, ADDRESS:PORT"});
  if (!wanted.dns_key || !acme::dns::TsigKey::parse(*wanted.dns_key))
    out.push_back({"dns_key", "must be what tsig-keygen writes, or NAME:BASE64"});
}

void check_proof(const NewOrder& wanted, std::vector<Problem>& out) {
  if (wanted.proof.kind == acme::ChallengeKind::dns_01) return check_dns(wanted, out);
  const auto& proof = wanted.proof;
  if (!proof.name_server.empty() || !proof.hook.empty() || wanted.dns_key)
    out.push_back({"challenge", "name_server, hook and dns_key are for dns-01"});
}

bool is_for(const NewOrder& wanted, const edges::Edge& edge) {
  return tls::covers(wanted.names, tls::host_of(edge.public_url));
}

}  // namespace

std::vector<Problem> problems(const NewOrder& wanted) {
  std::vector<Problem> out;
  check_names(wanted, out);
  check_ca(wanted, out);
  check_proof(wanted, out);
  return out;
}

std::vector<edges::Edge> chosen(const NewOrder& wanted, const std::vector<edges::Edge>& known,
                                std::vector<Problem>& out) {
  std::vector<edges::Edge> edges;
  if (wanted.edges.empty()) {
    std::ranges::copy_if(known, std::back_inserter(edges),
                         [&](const auto& edge) { return is_for(wanted, edge); });
    if (edges.empty()) out.push_back({"names", "no site's public address is one of these names"});
    return edges;
  }
  for (const auto& which : wanted.edges) {
    const auto found = std::ranges::find_if(
        known, [&](const auto& edge) { return edge.id == which || edge.name == which; });
    if (found == known.end())
      out.push_back({"edges", "there is no such site"});
    else if (!is_for(wanted, *found))
      out.push_back({"names", "the site " + found->name + " is reached as " +
                                  tls::host_of(found->public_url) + ", which is not among them"});
    else if (std::ranges::find(edges, found->id, &edges::Edge::id) == edges.end())
      edges.push_back(*found);
    if (!out.empty()) return {};
  }
  return edges;
}

}  // namespace sp::orders
