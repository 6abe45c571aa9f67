#pragma once
// What an authority may sign for (RFC 5280 section 4.2.1.10): stated in its certificate, where
// browsers enforce it, and asked by us before we sign.

#include <array>
#include <string>
#include <vector>

#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "certs/authority/host.h"

namespace sp::certs {

/// A network, "10.0.0.0/8" or "2001:db8::/32"; a single address is one too.
struct Range {
  std::size_t size = 4;  ///< of the address: 4 or 16 bytes
  std::array<std::uint8_t, 16> address{};
  unsigned prefix = 0;  ///< bits

  /// `invalid_input` with a sentence, also when bits beyond the prefix are set.
  static Result<Range> parse(std::string_view text);
  [[nodiscard]] bool covers(std::string_view address) const;
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Range&, const Range&) = default;
};

struct Constraints {
  bool any = false;                ///< nothing is stated: every name may be signed
  std::vector<std::string> dns{};  ///< each with all names below it; none: no DNS name at all
  std::vector<Range> addresses{};  ///< none: no address at all

  /// From what people write: "example.com", "10.0.0.0/8", "192.0.2.7".
  static Result<Constraints> parse(const std::vector<std::string>& permitted);
  /// Exactly these (a wildcard permits its domain).
  static Constraints of_hosts(const std::vector<Host>& hosts);
  /// Names and addresses that belong to nobody on the internet, with this machine's own name and
  /// domain: what an authority is for when nobody said.
  static Constraints inside_only();
  /// What a certificate states; `corrupt` when it states what we never write.
  static Result<Constraints> of(const X509& certificate);

  /// `forbidden` with a sentence when `host` is outside.
  [[nodiscard]] Outcome permits(const Host& host) const;
  /// For people: "example.com and below, 10.0.0.0/8".
  [[nodiscard]] std::string text() const;
  /// As OpenSSL's configuration writes the critical extension; empty for `any`. DNS, addresses and
  /// mail are always all stated, since a kind that is not named stays open.
  [[nodiscard]] std::string extension() const;
  friend bool operator==(const Constraints&, const Constraints&) = default;
};

}  // namespace sp::certs
