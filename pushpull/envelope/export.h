#pragma once
// One-way secrets: the edge makes a secret that the core alone can make again, by HPKE (RFC 9180)
// mode base and its exporter. And the two steps that the edge takes from there, over the PSA Crypto
// API as everything that an edge seals. docs/formats/recording.md uses them.

#include "pushpull/envelope/keys.h"

namespace sp::pushpull {

/// What both sides say beforehand.
struct Purpose {
  BytesView info;
  std::string_view exporter_context;
};

struct Exported {
  StaticPublicKey encapsulated;  ///< public: the core needs it
  Secret secret;                 ///< 32 bytes
};
/// Edge: a new secret. `invalid_input` when `core` is no point of use.
Result<Exported> edge_export(const StaticPublicKey& core, const Purpose& purpose, Random& random);
/// Core: the same secret. `invalid_input` when `encapsulated` is no point of use.
Result<Secret> core_import(const StaticPublicKey& encapsulated, const StaticPrivateKey& core,
                           const Purpose& purpose);

/// HKDF-Expand with SHA-256 (RFC 5869).
Result<Secret> edge_expand(const Secret& key, std::string_view info, std::size_t size);
/// AES-256-GCM with a nonce of zeros: `key` seals this and never anything else.
Result<Bytes> edge_seal_once(const Secret& key, BytesView aad, BytesView plain);

}  // namespace sp::pushpull
