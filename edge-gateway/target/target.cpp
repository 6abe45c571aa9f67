#include "edge-gateway/target/target.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

namespace sp::edge_gateway {
namespace {

// Struck out unless the policy names them: this machine, its link, everybody, nobody, the metadata
// services of clouds, and IPv6 ranges that carry an IPv4 address past these rules.
constexpr std::array struck{"0.0.0.0/8",        "127.0.0.0/8",    "169.254.0.0/16",
                            "224.0.0.0/3",      "192.0.0.192/32", "100.100.100.200/32",
                            "168.63.129.16/32", "::/96",          "fe80::/10",
                            "fec0::/10",        "ff00::/8",       "fd00:ec2::/32",
                            "fd20:ce::254/128", "64:ff9b::/96",   "64:ff9b:1::/48",
                            "2002::/16",        "2001::/32"};

std::vector<Network> never(const TargetPolicy& policy) {
  std::vector<Network> out;
  for (const auto* text : struck) out.push_back(*Network::parse(text));
  for (const auto& address : policy.own) out.emplace_back(address);
  return out;
}

bool in_any(const std::vector<Network>& networks, const Address& address) {
  return std::ranges::any_of(networks, [&](const auto& one) { return one.holds(address); });
}

// By a network within `range`: one that is wider does not name it.
bool is_named(const Network& range, const Address& address, const TargetPolicy& policy) {
  return std::ranges::any_of(
      policy.networks, [&](const auto& one) { return range.holds(one) && one.holds(address); });
}

bool is_label(std::string_view text) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= 63 && text.front() != '-' &&
         std::ranges::all_of(text, fits);
}

// Some resolvers read "127.1", "2130706433" and "0x7f000001" as addresses.
bool is_number(std::string_view label) {
  return std::isdigit(static_cast<unsigned char>(label.front())) != 0;
}

}  // namespace

bool is_host(std::string_view text) {
  if (Address::parse(text)) return true;
  if (text.empty() || text.size() > 253) return false;
  std::string_view last;
  for (auto rest = text;;) {
    const auto dot = rest.find('.');
    last = rest.substr(0, dot);
    if (!is_label(last)) return false;
    if (dot == std::string_view::npos) return !is_number(last);
    rest.remove_prefix(dot + 1);
  }
}

Result<std::vector<Address>> allowed(const std::vector<Address>& resolved, std::uint16_t port,
                                     const std::vector<Network>& ticket,
                                     const TargetPolicy& policy) {
  if (std::ranges::find(policy.ports, port) == policy.ports.end())
    return Error{Code::forbidden, "the port is not among [policy] ports"};
  const auto struck_out = never(policy);
  std::vector<Address> out;
  std::ranges::copy_if(resolved, std::back_inserter(out), [&](const Address& one) {
    const bool is_struck = std::ranges::any_of(struck_out, [&](const auto& range) {
      return range.holds(one) && !is_named(range, one, policy);
    });
    return !is_struck && (ticket.empty() || in_any(ticket, one)) &&
           (policy.networks.empty() || in_any(policy.networks, one));
  });
  if (out.empty()) return Error{Code::forbidden, "no address of the host may be dialled"};
  return out;
}

}  // namespace sp::edge_gateway
