#include <nlohmann/json.hpp>

#include "edge-selfdestruct/portal/calls.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::size_t proof_size = 32;

Error malformed() {
  return Error{Code::invalid_input, "body"};
}

Result<openssl::Digest> proof(const nlohmann::json& member) {
  if (!member.is_string()) return malformed();
  auto decoded = TRY(bytes::from_base64url(member.get_ref<const std::string&>()));
  const auto digest = openssl::sha256(decoded);
  const bool fits = decoded.size() == proof_size;
  wipe(decoded);
  if (!fits) return malformed();
  return digest;
}

// nlohmann keeps the last of two members of one name; we want neither. A name cannot hide behind an
// escape: what the page sends has none.
bool has_twice(std::string_view body, std::string_view name) {
  const auto first = body.find(name);
  return first != std::string_view::npos && body.find(name, first + 1) != std::string_view::npos;
}
bool is_plain(std::string_view body) {
  return body.size() <= most_body && body.find('\\') == std::string_view::npos &&
         !has_twice(body, "\"link_proof\"") && !has_twice(body, "\"pass_proof\"");
}

}  // namespace

Result<Proofs> decode_proofs(std::string_view body, PassProof pass) {
  if (!is_plain(body)) return malformed();
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("link_proof")) return malformed();
  const bool has_pass = json.contains("pass_proof");
  if (json.size() != (has_pass ? 2U : 1U)) return malformed();
  if (has_pass && pass == PassProof::refused) return malformed();
  Proofs out{.link = TRY(proof(json["link_proof"])), .pass = std::nullopt};
  if (has_pass) out.pass = TRY(proof(json["pass_proof"]));
  return out;
}

}  // namespace sp::edge_selfdestruct
