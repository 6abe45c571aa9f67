#include "edge-gateway/ssh/host_key.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sp::edge_gateway {
namespace {

using Fields = std::pair<std::string_view, std::string_view>;

// The first two words: type and base64. What follows is a comment.
Fields fields_of(std::string_view line) {
  constexpr std::string_view blank = " \t\r\n";
  const auto word = [&line, blank] {
    line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
    const auto size = std::min(line.find_first_of(blank), line.size());
    const auto out = line.substr(0, size);
    line.remove_prefix(size);
    return out;
  };
  const auto type = word();
  return {type, word()};
}

// A key's type, and the signatures of it that we take: none with SHA-1.
struct Algorithms {
  std::string_view type, signatures;
};
constexpr std::array algorithms{
    Algorithms{"ssh-ed25519", "ssh-ed25519"},
    Algorithms{"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"},
    Algorithms{"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"},
    Algorithms{"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"},
    Algorithms{"ssh-rsa", "rsa-sha2-512,rsa-sha2-256"},
};

bool is_of_type(const KnownHost& known, std::string_view type) {
  return std::ranges::any_of(known.keys,
                             [type](const auto& key) { return fields_of(key).first == type; });
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::known:
      return "known";
    case Verdict::first_use:
      return "first_use";
    case Verdict::unknown:
      return "unknown";
    case Verdict::changed:
      return "changed";
  }
  return "unknown";
}

Verdict judge(const KnownHost& known, std::string_view shown) {
  const auto key = fields_of(shown);
  if (key.first.empty() || key.second.empty()) return Verdict::unknown;
  if (std::ranges::any_of(known.keys, [&](const auto& one) { return fields_of(one) == key; }))
    return Verdict::known;
  if (!known.keys.empty()) return Verdict::changed;
  return known.first_use && known.authorities.empty() ? Verdict::first_use : Verdict::unknown;
}

std::string host_key_algorithms(const KnownHost& known) {
  std::string preferred, others;
  for (const auto& [type, signatures] : algorithms) {
    auto& list = is_of_type(known, type) ? preferred : others;
    list.append(signatures).append(",");
  }
  auto out = preferred + others;
  out.pop_back();
  return out;
}

}  // namespace sp::edge_gateway
