#pragma once
// How a core and a new edge come to know each other: docs/formats/pushpull.md section 6.

#include <optional>
#include <string>

#include "base/bytes/bytes.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"
#include "pushpull/envelope/keys.h"
#include "pushpull/items/operations.h"

namespace sp::pushpull {

inline constexpr Duration kit_life = std::chrono::hours{24};

/// What an administrator carries from the core to a new edge. It holds a secret.
struct Kit {
  EdgeId edge_id;
  std::string name;  ///< 1 to 100 bytes
  std::string kind;  ///< "selfdestruct" or "gateway"
  StaticPublicKey core_key;
  LinkPsk psk;
  Instant expires_at{};
};
/// The kit's file: JSON text. Written with mode 0600.
Secret encode(const Kit& kit);
/// `invalid_input` for anything that is no kit. Says nothing about its age.
Result<Kit> decode_kit(BytesView text);

/// HMAC-SHA256 under the kit's psk over who the edge is: its id, both keys and its TLS key.
Hash enrolment_proof(const LinkPsk& psk, const EdgeId& edge_id, const StaticPublicKey& edge_key,
                     const StaticPublicKey& core_key, const Pin& pin);

/// The core's secrets of one link. The core stores `encode` of it, sealed.
struct LinkKeys {
  EdgeId edge_id;
  StaticPrivateKey core_key;  ///< of this link alone
  std::uint32_t epoch = 0;    ///< 0: not enrolled
  LinkPsk psk;
  std::optional<StaticPublicKey> edge_key;  ///< none before enrolment
  std::optional<Pin> pin;                   ///< likewise
  Instant kit_expires_at{};
  struct Pending {  ///< of epoch + 1, while a rekey is under way
    LinkPsk psk;
    std::optional<StaticPublicKey> edge_key;  ///< none before the edge answered
  };
  std::optional<Pending> pending;
  [[nodiscard]] LinkKeys copy() const;
};
Secret encode(const LinkKeys& keys);
Result<LinkKeys> decode_link_keys(BytesView from);

/// A new edge, or a new kit for one that is to be enrolled (again): both sides' beginnings.
struct NewLink {
  Kit kit;
  LinkKeys keys;
};
NewLink make_link(const EdgeId& edge_id, std::string name, std::string kind, Random& random,
                  Instant now);

}  // namespace sp::pushpull
