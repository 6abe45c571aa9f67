#pragma once
// One request of the core to an edge and its response, sealed: docs/formats/envelope.md. The core's
// two functions stand on OpenSSL, the edge's two on the PSA Crypto API.

#include <cstddef>
#include <cstdint>

#include "base/bytes/bytes.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "pushpull/envelope/keys.h"

namespace sp::pushpull {

enum class Operation : std::uint8_t { hello = 1, push = 2, pull = 3, blob = 4, rekey = 5 };

inline constexpr std::size_t request_header_size = 58;
inline constexpr std::size_t response_header_size = 38;
inline constexpr std::size_t envelope_tag_size = 16;
/// Nothing larger is sealed or opened, on either side.
inline constexpr std::size_t most_envelope_size = (8U << 20U) + (64U << 10U);

/// The head of a request in the clear; bound to the ciphertext, so true once `open_request` said
/// so.
struct RequestHeader {
  Operation operation;
  EdgeId edge_id;
  std::uint32_t key_epoch;
};
/// Reads the head to find the keys. `invalid_input` for what cannot be a request.
Result<RequestHeader> read_request_header(BytesView envelope);

/// The public half, computed by OpenSSL (for the core) and by PSA (for an edge).
StaticPublicKey core_public_key(const StaticPrivateKey& key);
Result<StaticPublicKey> edge_public_key(const StaticPrivateKey& key);

/// Opens the one response that belongs to a request.
class ResponseOpener {
 public:
  ResponseOpener(Operation operation, Bytes encapsulated, Secret secret)
      : operation_(operation), encapsulated_(std::move(encapsulated)), secret_(std::move(secret)) {}
  /// `corrupt` for anything that is not this request's answer.
  [[nodiscard]] Result<Bytes> open(BytesView envelope) const;

 private:
  Operation operation_;
  Bytes encapsulated_;
  Secret secret_;
};

struct SealedRequest {
  Bytes envelope;
  ResponseOpener opener;
};
/// Core: seals `plain` to the edge. `invalid_input` when it is too large or the edge's key is no
/// point of use.
Result<SealedRequest> seal_request(const RequestHeader& header, const StaticPrivateKey& core,
                                   const StaticPublicKey& edge, const LinkPsk& psk, BytesView plain,
                                   Random& random);

/// Seals the one response that belongs to a request.
class ResponseSealer {
 public:
  ResponseSealer(Operation operation, Bytes encapsulated, Secret secret)
      : operation_(operation), encapsulated_(std::move(encapsulated)), secret_(std::move(secret)) {}
  [[nodiscard]] Result<Bytes> seal(BytesView plain, Random& random) const;

 private:
  Operation operation_;
  Bytes encapsulated_;
  Secret secret_;
};

struct OpenedRequest {
  RequestHeader header;
  Bytes plain;
  ResponseSealer sealer;
};
/// Edge: opens what the core sealed to it. One error, `corrupt`, for every reason.
Result<OpenedRequest> open_request(BytesView envelope, const StaticPrivateKey& edge,
                                   const StaticPublicKey& core, const LinkPsk& psk);

}  // namespace sp::pushpull
