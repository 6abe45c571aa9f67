#pragma once
// Whether a host is the one that a ticket means, judged before any credential is sent.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sp::edge_gateway {

enum class Verdict : std::uint8_t {
  known,      ///< one of the ticket's keys
  first_use,  ///< no key is known, and the ticket says that the first one counts
  unknown,  ///< nothing to compare it with; also with an authority alone, which libssh cannot check
  changed,  ///< keys are known, and this is none of them
};
std::string_view name(Verdict verdict);
inline bool may_log_in(Verdict verdict) {
  return verdict == Verdict::known || verdict == Verdict::first_use;
}

/// What a ticket knows of its host (docs/formats/ticket.md section 2).
struct KnownHost {
  std::vector<std::string> keys, authorities;  ///< OpenSSH's form, with or without a comment
  bool first_use = false;
};

/// `shown` is "type base64".
Verdict judge(const KnownHost& known, std::string_view shown);

/// The host key algorithms to ask for: those of the known keys first, since a host has several keys
/// and shows one of the type that its client prefers. The others follow, so that a key of another
/// type is seen and judged, and not taken for a fault.
std::string host_key_algorithms(const KnownHost& known);

}  // namespace sp::edge_gateway
