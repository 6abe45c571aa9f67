#include "certs/authority/host.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "base/log/log.h"
#include "certs/authority/idn.h"

namespace sp::certs {
namespace {

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

// RFC 1123 section 2.1, and RFC 6125 section 6.4.3 for the wildcard.
bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  bool all_digits = true;
  if (name.starts_with("*.")) name.remove_prefix(2);
  while (true) {
    const auto dot = std::min(name.find('.'), name.size());
    const auto label = name.substr(0, dot);
    if (!is_label(label)) return false;
    all_digits = std::ranges::all_of(label, [](char c) { return c >= '0' && c <= '9'; });
    if (dot == name.size()) return !all_digits;  // else it is an address that went wrong
    name.remove_prefix(dot + 1);
  }
}

std::optional<std::string> as_address(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> out{};
  for (const int family : {AF_INET, AF_INET6})
    if (::inet_pton(family, text.c_str(), bytes.data()) == 1 &&
        ::inet_ntop(family, bytes.data(), out.data(), out.size()) != nullptr)
      return out.data();
  return std::nullopt;
}

Result<std::string> with_a_labels(std::string_view name) {
  std::string all;
  while (true) {
    const auto dot = std::min(name.find('.'), name.size());
    all += TRY(to_a_label(name.substr(0, dot)));
    if (dot == name.size()) return all;
    all += '.';
    name.remove_prefix(dot + 1);
  }
}

Error refused(std::string_view text, std::string_view advice) {
  return Error{Code::invalid_input, log::escaped(text) + std::string{advice}};
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

/// "host:port" and "[v6]:port" without the port; nothing when it is written wrongly.
std::optional<std::string_view> without_port(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const auto rest = authority.substr(end + 1);
    if (!rest.empty() && (!rest.starts_with(':') || !is_port(rest.substr(1)))) return std::nullopt;
    return authority.substr(1, end - 1);
  }
  const auto colon = authority.find(':');
  if (colon == std::string_view::npos || authority.find(':', colon + 1) != std::string_view::npos)
    return authority;  // a bare IPv6 address has several
  if (!is_port(authority.substr(colon + 1))) return std::nullopt;
  return authority.substr(0, colon);
}

}  // namespace

std::string address_text(std::span<const std::uint8_t> address) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (address.size() != 4 && address.size() != 16) return "";
  ::inet_ntop(address.size() == 4 ? AF_INET : AF_INET6, address.data(), out.data(), out.size());
  return out.data();
}

Result<Host> Host::parse(std::string_view text) {
  constexpr std::string_view advice =
      " is neither a DNS name nor an IP address; write names without scheme, port and path";
  if (text.size() > 1024) return refused(text.substr(0, 64), advice);
  if (const auto address = as_address(std::string{text})) return Host{Kind::address, *address};
  const auto name = TRY(with_a_labels(text));
  if (is_dns_name(name)) return Host{Kind::dns, name};
  return refused(text, advice);
}

Result<Host> Host::of_url(std::string_view url) {
  auto rest = url;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
    if (rest.substr(0, scheme) != "https")
      return refused(url, " is not an https address; write https://HOST or the host alone");
    rest.remove_prefix(scheme + 3);
  }
  rest = rest.substr(0, std::min(rest.find_first_of("/?#"), rest.size()));
  const auto host = without_port(rest);
  if (!host || host->empty() || host->find('@') != std::string_view::npos)
    return refused(url, " does not say a host; write https://HOST, https://HOST:PORT or HOST");
  return parse(host->ends_with('.') ? host->substr(0, host->size() - 1) : *host);
}

Result<std::vector<Host>> hosts_of_urls(const std::vector<std::string>& urls) {
  std::vector<Host> hosts;
  for (const auto& url : urls) {
    auto host = TRY(Host::of_url(url));
    if (std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(std::move(host));
  }
  return hosts;
}

}  // namespace sp::certs
