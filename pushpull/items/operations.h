#pragma once
// What stands inside a request and its response: docs/formats/pushpull.md sections 1 to 3 and 6.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pushpull/items/items.h"

namespace sp::pushpull {

struct HelloRequest {
  Epoch core_epoch;
  Instant now{};
  std::string version;
};
/// A certificate that a listener of the edge shows.
struct CertificateReport {
  std::string listener{};            ///< "public", "intake"
  std::vector<std::string> names{};  ///< at most `most_certificate_names`
  std::string issuer{};              ///< its common name
  Instant not_before{}, not_after{};
  Hash fingerprint{};  ///< SHA-256 of the certificate
  Pin pin{};
  std::string renewed_by{};  ///< as the edge's configuration says; empty when it does not
};
inline constexpr std::size_t most_certificate_names = 100;

struct HelloResponse {
  Epoch edge_epoch;
  Instant now{};
  std::string version, name;
  std::vector<std::string> capabilities;
  std::uint64_t applied = 0, last_event = 0, events_waiting = 0;
  std::uint64_t holds = 0;  ///< live messages or tickets
  std::vector<CertificateReport> certificates;
  bool resync = false;
};

struct PushRequest {
  Epoch core_epoch;
  Instant now{};
  std::vector<Item> items;
};
struct Refused {
  std::uint64_t seq = 0;
  std::string code;  ///< sp::name of a Code
};
struct PushResponse {
  Epoch edge_epoch;
  std::uint64_t applied = 0;
  Instant now{};
  std::vector<Refused> refused;
  bool resync = false;
};

struct PullRequest {
  std::uint64_t ack = 0;
  Duration wait{};
  std::uint64_t max_bytes = 0;
};
struct PullResponse {
  Epoch edge_epoch;
  Instant now{};
  std::vector<Event> events;
  bool more = false;
  bool resync = false;
};

struct BlobRequest {
  Bytes id;
  std::uint64_t offset = 0, length = 0;
};
struct BlobResponse {
  std::uint64_t total = 0;
  Bytes data;
};

struct RekeyRequest {
  std::uint32_t epoch = 0;
  LinkPsk psk;
};
struct RekeyResponse {
  std::uint32_t epoch = 0;
  StaticPublicKey key;
};

/// `GET /pushpull/v1/key` of an edge that is not enrolled yet. In the clear, proven by the kit's
/// psk.
struct EnrolmentKey {
  EdgeId edge_id;
  StaticPublicKey key;
  Hash proof{};
};

Bytes encode(const HelloRequest& value);
Bytes encode(const HelloResponse& value);
Bytes encode(const PushRequest& value);
Bytes encode(const PushResponse& value);
Bytes encode(const PullRequest& value);
Bytes encode(const PullResponse& value);
Bytes encode(const BlobRequest& value);
Bytes encode(const BlobResponse& value);
Bytes encode(const RekeyRequest& value);
Bytes encode(const RekeyResponse& value);
Bytes encode(const EnrolmentKey& value);

// All fail with `invalid_input` on anything that `encode` would not have written.
Result<HelloRequest> decode_hello_request(BytesView from);
Result<HelloResponse> decode_hello_response(BytesView from);
Result<PushRequest> decode_push_request(BytesView from);
Result<PushResponse> decode_push_response(BytesView from);
Result<PullRequest> decode_pull_request(BytesView from);
Result<PullResponse> decode_pull_response(BytesView from);
Result<BlobRequest> decode_blob_request(BytesView from);
Result<BlobResponse> decode_blob_response(BytesView from);
Result<RekeyRequest> decode_rekey_request(BytesView from);
Result<RekeyResponse> decode_rekey_response(BytesView from);
Result<EnrolmentKey> decode_enrolment_key(BytesView from);

/// How many bytes an item or event takes in a batch, a few more than exact.
std::size_t encoded_size(const Item& item);
std::size_t encoded_size(const Event& event);

}  // namespace sp::pushpull
