#include "certs/x509/names.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/config/files.h"

namespace sp::certs {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-';
         });
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::vector<std::string_view> labels_of(std::string_view name) {
  std::vector<std::string_view> labels;
  while (true) {
    const auto dot = name.find('.');
    labels.push_back(name.substr(0, dot));
    if (dot == std::string_view::npos) return labels;
    name.remove_prefix(dot + 1);
  }
}

bool is_host_name(std::string_view name) {
  const auto labels = labels_of(name);
  return name.size() <= 253 && std::ranges::all_of(labels, is_label) &&
         !std::ranges::all_of(labels.back(), is_digit);
}

bool is_wildcard(std::string_view name) {
  return name.starts_with("*.") && is_host_name(name.substr(2));
}

bool is_mailbox(std::string_view address) {
  const auto at = address.find('@');
  if (at == std::string_view::npos || at == 0 || !is_host_name(address.substr(at + 1)))
    return false;
  return std::ranges::all_of(address.substr(0, at), [](char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view{"()<>[]:;@\\,\""}.find(c) == std::string_view::npos;
  });
}

std::string address_bytes(std::string_view text) {
  const std::string terminated{text};
  if (terminated.find('\0') != std::string::npos) return {};
  std::string out(16, '\0');
  if (::inet_pton(AF_INET6, terminated.c_str(), out.data()) == 1) return out;
  out.resize(4);
  return ::inet_pton(AF_INET, terminated.c_str(), out.data()) == 1 ? out : std::string{};
}

std::string address_text(std::string_view address) {
  if (address.size() != 4 && address.size() != 16) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(address.size() == 4 ? AF_INET : AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

bool dns_matches(std::string_view pattern, std::string_view host) {
  const auto wanted = lower(host);
  const auto given = lower(pattern);
  if (!given.starts_with("*.")) return given == wanted && is_host_name(given);
  const auto dot = wanted.find('.');
  return is_wildcard(given) && dot != std::string::npos && dot != 0 &&
         wanted.substr(dot + 1) == given.substr(2);
}

bool mailbox_matches(std::string_view pattern, std::string_view address) {
  const auto a = pattern.find('@');
  const auto b = address.find('@');
  return a != std::string_view::npos && b != std::string_view::npos &&
         pattern.substr(0, a) == address.substr(0, b) &&
         lower(pattern.substr(a)) == lower(address.substr(b));
}

bool is_for_host(const View& view, std::string_view host) {
  if (const auto address = address_bytes(host); !address.empty())
    return std::ranges::any_of(view.names(GeneralName::ip),
                               [&](const auto& one) { return one == address; });
  return std::ranges::any_of(view.names(GeneralName::dns),
                             [&](const auto& name) { return dns_matches(name, host); });
}

std::vector<std::string> host_names(const View& view) {
  auto all = view.names(GeneralName::dns);
  for (const auto& address : view.names(GeneralName::ip)) all.push_back(address_text(address));
  return all;
}

PublicSuffixes PublicSuffixes::load(const std::filesystem::path& file) {
  const auto content = config::read_file(file, largest_certificate * 8);
  return content ? parse(bytes::text(*content)) : PublicSuffixes{};
}

PublicSuffixes PublicSuffixes::parse(std::string_view list) {
  PublicSuffixes all;
  while (!list.empty()) {
    const auto end = std::min(list.find('\n'), list.size());
    auto line = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    line = line.substr(0, line.find_first_of(" \t\r"));
    if (!line.empty() && !line.starts_with("//")) all.rules_.insert(lower(line));
  }
  return all;
}

bool PublicSuffixes::lists(std::string_view domain) const {
  const auto name = lower(domain);
  if (rules_.contains("!" + name)) return false;
  if (rules_.contains(name)) return true;
  const auto dot = name.find('.');
  return dot != std::string::npos && rules_.contains("*" + name.substr(dot));
}

bool PublicSuffixes::contains(std::string_view domain) const {
  return domain.find('.') == std::string_view::npos || lists(domain);
}

}  // namespace sp::certs
