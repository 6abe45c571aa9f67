#pragma once
// The names that a certificate is for, and whether one of them is the peer's (RFC 9525, RFC 5280).

#include <filesystem>
#include <set>
#include <string>

#include "certs/x509/view.h"

namespace sp::certs {

/// Lower case, ASCII letters alone: names are compared so.
std::string lower(std::string_view text);
std::vector<std::string_view> labels_of(std::string_view name);

/// Letters, digits and hyphens in labels of 1 to 63, at most 253 in all, no address, no wildcard.
bool is_host_name(std::string_view name);
/// "*." and a host name.
bool is_wildcard(std::string_view name);
/// local@domain with a host name as domain; quoted local parts are not.
bool is_mailbox(std::string_view address);

/// The 4 or 16 bytes of an IP address; empty for any other text.
std::string address_bytes(std::string_view text);
/// "192.0.2.1" or "2001:db8::1" (RFC 5952); empty when it has neither 4 nor 16 bytes.
std::string address_text(std::string_view address);

/// Whether a certificate's DNS name covers `host`: equal, or the leftmost label is "*" and stands
/// for exactly one label (RFC 9525 section 6.3).
bool dns_matches(std::string_view pattern, std::string_view host);
/// Local parts are the same bytes, domains the same name.
bool mailbox_matches(std::string_view pattern, std::string_view address);
/// Whether `view` names `host`, a DNS name or an IP address. Alternative names alone count.
bool is_for_host(const View& view, std::string_view host);
/// The DNS names and addresses in it, as text for people.
std::vector<std::string> host_names(const View& view);

/// Names under which the public registers names (publicsuffix.org). A wildcard below one would
/// cover other people's hosts.
class PublicSuffixes {
 public:
  /// From the distribution's list; where that is not installed, top-level names alone are known.
  static PublicSuffixes load(
      const std::filesystem::path& file = "/usr/share/publicsuffix/public_suffix_list.dat");
  static PublicSuffixes parse(std::string_view list);
  [[nodiscard]] bool contains(std::string_view domain) const;
  /// Known as such, not merely for having one label.
  [[nodiscard]] bool lists(std::string_view domain) const;
  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  std::set<std::string, std::less<>> rules_;
};

}  // namespace sp::certs
