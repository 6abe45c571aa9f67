#include "edge-selfdestruct/portal/calls.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes/bytes.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::string_view prefix = "/api/v1/messages/";
constexpr std::size_t id_size = 16;
constexpr std::size_t proof_size = 32;
constexpr std::array<std::pair<std::string_view, Verb>, 4> verbs{{{"status", Verb::status},
                                                                  {"reveal", Verb::reveal},
                                                                  {"saved", Verb::saved},
                                                                  {"destroy", Verb::destroy}}};

Error malformed() {
  return Error{Code::invalid_input, "body"};
}

/// Reads the only JSON (RFC 8259) that strangers may send: an object of strings, none of which
/// needs an escape. So no name is hidden behind one, and no value becomes a tree in memory.
class Members {
 public:
  explicit Members(std::string_view body) : rest_(body) {}

  /// The token, with the space around it.
  bool take(char token) {
    skip_space();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Empty for whatever is no string.
  std::string_view string() {
    if (!take('"')) return {};
    const auto end = rest_.find('"');
    if (end == std::string_view::npos) return {};
    const auto text = rest_.substr(0, end);
    if (text.find('\\') != std::string_view::npos) return {};
    rest_.remove_prefix(end + 1);
    return text;
  }
  bool is_at_end() {
    skip_space();
    return rest_.empty();
  }

 private:
  void skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }
  std::string_view rest_;
};

Result<openssl::Digest> proof(std::string_view text) {
  auto decoded = TRY(bytes::from_base64url(text));
  const auto digest = openssl::sha256(decoded);
  const bool fits = decoded.size() == proof_size;
  wipe(decoded);
  if (!fits) return malformed();
  return digest;
}

}  // namespace

Result<Proofs> decode_proofs(std::string_view body, PassProof pass) {
  if (body.size() > most_body) return malformed();
  Members members{body};
  std::optional<openssl::Digest> link;
  std::optional<openssl::Digest> passphrase;
  bool is_more = members.take('{');
  while (is_more) {
    const auto name = members.string();
    auto& place = name == "link_proof" ? link : passphrase;
    const bool is_ours = name == "link_proof" || name == "pass_proof";
    if (!is_ours || place || !members.take(':')) return malformed();
    place = TRY(proof(members.string()));
    is_more = members.take(',');
  }
  if (!members.take('}') || !members.is_at_end() || !link) return malformed();
  if (passphrase && pass == PassProof::refused) return malformed();
  return Proofs{.link = *link, .pass = passphrase};
}

Result<MessageCall> decode_path(std::string_view path) {
  const Error no_call{Code::not_found, "path"};
  if (!path.starts_with(prefix)) return no_call;
  path.remove_prefix(prefix.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return no_call;
  const auto verb =
      std::ranges::find(verbs, path.substr(slash + 1), &std::pair<std::string_view, Verb>::first);
  if (verb == verbs.end()) return no_call;
  const auto id = TRY(bytes::from_base64url(path.substr(0, slash)));
  if (id.size() != id_size) return Error{Code::invalid_input, "id"};
  return MessageCall{openssl::sha256(id), verb->second};
}

std::optional<openssl::Digest> decode_grace(std::optional<std::string_view> header) {
  if (!header || header->size() > 64) return std::nullopt;
  const auto token = bytes::from_base64url(*header);
  if (!token || token->size() != 32) return std::nullopt;
  return openssl::sha256(*token);
}

}  // namespace sp::edge_selfdestruct
