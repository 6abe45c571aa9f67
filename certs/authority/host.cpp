#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/log/log.h"
#include "certs/authority/authority.h"

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

}  // namespace

Result<Host> Host::parse(std::string_view text) {
  if (const auto address = as_address(std::string{text})) return Host{Kind::address, *address};
  std::string name{text};
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (is_dns_name(name)) return Host{Kind::dns, name};
  return Error{Code::invalid_input,
               log::escaped(text) +
                   " is neither a DNS name nor an IP address; write names without scheme, port and "
                   "path, and international ones as xn--..."};
}

}  // namespace sp::certs
