#pragma once
// What a stranger sends to the portal, read strictly (docs/formats/message.md section 3).

#include <optional>
#include <string>
#include <string_view>

#include "base/openssl/crypto.h"
#include "base/result/result.h"

namespace sp::edge_selfdestruct {

inline constexpr std::size_t most_body = 4 * 1024;

/// The proofs of a call, as their SHA-256: what the browser sent is not kept.
struct Proofs {
  openssl::Digest link{};
  std::optional<openssl::Digest> pass;
};
enum class PassProof : std::uint8_t { refused, allowed };

/// `{link_proof, pass_proof?}`: a JSON object with exactly these members, each the base64url of 32
/// bytes. `invalid_input` for anything else, also for a `pass_proof` where it is not allowed.
Result<Proofs> decode_proofs(std::string_view body, PassProof pass);

enum class Verb : std::uint8_t { status, reveal, saved, destroy };
struct MessageCall {
  openssl::Digest id{};  ///< SHA-256 of the message id
  Verb verb{};
};
/// "/api/v1/messages/<id>/<verb>": `not_found` when the path is no such call, `invalid_input` when
/// the id is not the base64url of 16 bytes.
Result<MessageCall> decode_path(std::string_view path);

/// The `Sallyport-Grace` header: the hash of the token, or none when it has no such form (a token
/// that does not hold is as good as none).
std::optional<openssl::Digest> decode_grace(std::optional<std::string_view> header);

}  // namespace sp::edge_selfdestruct
