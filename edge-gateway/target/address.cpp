#include "edge-gateway/target/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace sp::edge_gateway {
namespace {

constexpr std::size_t longest = 45;  // of an address as text
constexpr std::array<std::byte, 12> mapped{
    {{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, std::byte{0xff}, std::byte{0xff}}};

unsigned bit(const Address& address, unsigned index) {
  return (std::to_integer<unsigned>(address.bytes.at(index / 8)) >> (7 - index % 8)) & 1U;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number out = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, out);
  if (failed != std::errc{} || stop != end) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  if (text.size() > longest || text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string whole{text};
  Address out;
  if (::inet_pton(AF_INET6, whole.c_str(), out.bytes.data()) == 1) return out;
  std::ranges::copy(mapped, out.bytes.begin());
  if (::inet_pton(AF_INET, whole.c_str(), &out.bytes.at(mapped.size())) == 1) return out;
  return std::nullopt;
}

bool Address::is_v4() const {
  return std::equal(mapped.begin(), mapped.end(), bytes.begin());
}

std::string Address::text() const {
  std::array<char, longest + 1> out{};
  if (is_v4())
    ::inet_ntop(AF_INET, &bytes.at(mapped.size()), out.data(), out.size());
  else
    ::inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
  return out.data();
}

Result<Network> Network::parse(std::string_view text) {
  const Error wrong{Code::invalid_input, "must be a network such as 10.0.0.0/8"};
  const auto slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) return wrong;
  if (slash == std::string_view::npos) return Network{*address};
  const unsigned before = address->is_v4() ? 96 : 0;
  const auto prefix = number_of<unsigned>(text.substr(slash + 1));
  if (!prefix || *prefix > 128 - before) return wrong;
  for (unsigned i = before + *prefix; i < 128; ++i)
    if (bit(*address, i) != 0) return wrong;
  return Network{*address, before + *prefix};
}

std::string Network::text() const {
  if (prefix_ == 128) return first_.text();
  return first_.text() + "/" + std::to_string(prefix_ - (first_.is_v4() ? 96U : 0U));
}

bool Network::holds(const Address& address) const {
  if (address.is_v4() != first_.is_v4()) return false;  // ::/0 is all of IPv6 alone
  for (unsigned i = 0; i < prefix_; ++i)
    if (bit(address, i) != bit(first_, i)) return false;
  return true;
}

bool Network::holds(const Network& other) const {
  return prefix_ <= other.prefix_ && holds(other.first_);
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  const auto port = number_of<std::uint16_t>(text);
  return port == 0 ? std::nullopt : port;
}

}  // namespace sp::edge_gateway
