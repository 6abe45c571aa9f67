#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result/result.h"

namespace sp::edge_gateway {

/// An IP address, IPv4 as ::ffff:a.b.c.d: one address has one form.
struct Address {
  std::array<std::byte, 16> bytes{};

  /// The usual forms alone: no octal, no short "127.1", no zone.
  static std::optional<Address> parse(std::string_view text);
  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Address&, const Address&) = default;
};

/// A CIDR block.
class Network {
 public:
  /// "10.0.0.0/8", "2001:db8::/32", or an address alone; `invalid_input` for others, and for bits
  /// set behind the prefix.
  static Result<Network> parse(std::string_view text);
  /// The network of that address alone.
  explicit Network(const Address& address) : first_(address), prefix_(128) {}

  [[nodiscard]] bool holds(const Address& address) const;
  /// As `parse` takes it.
  [[nodiscard]] std::string text() const;
  /// Whether all of `other` is in it.
  [[nodiscard]] bool holds(const Network& other) const;

 private:
  Network(const Address& first, unsigned prefix) : first_(first), prefix_(prefix) {}
  Address first_;
  unsigned prefix_;  // of 128
};

/// A port as a setting writes it: digits alone, from 1 to 65535.
std::optional<std::uint16_t> port_of(std::string_view text);

}  // namespace sp::edge_gateway
