#pragma once
// Who a certificate is for: a DNS name or an address, taken from what people write.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/result.h"

namespace sp::certs {

/// A host that a certificate may name, in its one form: a DNS name in lower case (international
/// ones as A-labels, RFC 5891), also with a first label "*", or an IP address.
struct Host {
  enum class Kind : std::uint8_t { dns, address } kind;
  std::string text;

  /// `invalid_input` with a sentence for anything else.
  static Result<Host> parse(std::string_view text);
  /// The host of "https://Bücher.example:8443/path", "[2001:db8::1]:443" or of a bare name; schemes
  /// other than https are refused.
  static Result<Host> of_url(std::string_view url);

  [[nodiscard]] bool is_wildcard() const { return text.starts_with("*."); }
  /// The name without "*.", for a DNS name.
  [[nodiscard]] std::string_view base() const {
    return std::string_view{text}.substr(is_wildcard() ? 2 : 0);
  }
  friend bool operator==(const Host&, const Host&) = default;
};

/// "192.0.2.7" of its 4 or 16 bytes; empty for any other size.
std::string address_text(std::span<const std::uint8_t> address);

/// Each once, in their order.
Result<std::vector<Host>> hosts_of_urls(const std::vector<std::string>& urls);

}  // namespace sp::certs
