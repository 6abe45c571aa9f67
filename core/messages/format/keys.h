#pragma once
// Message v1, section 1 of docs/formats/message.md: from a link and a passphrase to keys and
// proofs.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes/bytes.h"
#include "base/openssl/crypto.h"
#include "base/random/id.h"
#include "base/secret/secret.h"

namespace sp::messages {

/// Names a message to everyone who handles it. No secret: it stands in paths and logs.
struct MessageId {
  std::array<std::byte, 16> bytes;

  static MessageId random(Random& random) { return {random_id(random)}; }
  /// From its 22 characters of base64url.
  static Result<MessageId> parse(std::string_view text);
  [[nodiscard]] std::string text() const { return bytes::base64url(bytes); }
  /// SHA-256 of the id: all that an edge keeps of it.
  [[nodiscard]] openssl::Digest digest() const { return openssl::sha256(bytes); }
  friend bool operator==(const MessageId&, const MessageId&) = default;
};

/// L: the 32 bytes behind the `#` of a link. Who holds it (and the passphrase) reads the message.
struct LinkSecret {
  Secret value;
  static LinkSecret random(Random& random) { return {random.secret(32)}; }
  static Result<LinkSecret> parse(std::string_view text);
};

/// P: what Argon2id made of a passphrase; empty when there is none.
struct StretchedPassphrase {
  Secret value;
};
/// Seals exactly one message.
struct ContentKey {
  Secret value;
};

/// Everything that follows from link secret and passphrase.
struct Keys {
  std::array<std::byte, 32> link_proof;
  std::array<std::byte, 32> pass_proof;
  ContentKey content;
};
Keys derive_keys(const MessageId& id, const LinkSecret& link, const StretchedPassphrase& pass);

/// Where a message is opened: `https://<portal>[/prefix]/m/<id>#<L>`.
struct Link {
  std::string portal;  ///< everything before `/m/`
  MessageId id;
  LinkSecret secret;
};
/// Fails with `invalid_input` unless `url` has that form exactly, with https.
Result<Link> parse_link(std::string_view url);
/// The whole link. A secret: it is shown once and kept nowhere.
Secret link_url(std::string_view portal, const MessageId& id, const LinkSecret& secret);

}  // namespace sp::messages
