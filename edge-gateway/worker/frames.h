#pragma once
// What a session's two processes say to each other: the parent, which talks to browser and core,
// and the worker, which talks to the host (edge-gateway/worker/worker.h). One stream socket, frames
// both ways:
//
//   u32 size (big-endian, of what follows, at most 1 MiB) | u8 kind | body
//
// A body with members is canonical CBOR (pushpull/items/codec.h); the others are bytes as they are.
// The worker may belong to its host: the parent refuses what it would not have said.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "pushpull/items/sessions.h"

namespace sp::edge_gateway {

enum class FrameKind : std::uint8_t {
  // from the parent
  start = 1,   ///< Start, once and first
  keys = 2,    ///< bytes for the terminal
  size = 3,    ///< WindowSize
  allow = 4,   ///< Allow
  file = 5,    ///< FileRequest
  upload = 6,  ///< a part of a file
  end = 7,     ///< nothing; the worker ends the session and itself
  // from the worker
  state = 65,       ///< State
  host_key = 66,    ///< HostKey, before any credential is sent
  ready = 67,       ///< nothing; the shell runs
  output = 68,      ///< bytes of the terminal
  answer = 69,      ///< FileAnswer
  download = 70,    ///< a part of a file
  file_event = 71,  ///< pushpull::SessionFile
  ended = 72,       ///< Ended, the last one
};

inline constexpr std::size_t frame_head = 5;
inline constexpr std::size_t most_frame = 1U << 20U;  ///< kind and body
inline constexpr std::size_t most_path = 4'096;
inline constexpr std::size_t most_open_requests = 8;
inline constexpr std::uint64_t file_window = 1U << 20U;  ///< bytes under way, each way

/// What the worker needs to know; nothing of it comes later.
struct Start {
  pushpull::Credential credential;
  std::string host;
  std::uint32_t port = 0;
  std::vector<std::string> host_keys, host_cas;  ///< as in `ticket.put`
  bool first_use = false;
  std::uint32_t columns = 0, rows = 0;  ///< 1 to 1,000
  std::string term;
};
struct WindowSize {
  std::uint32_t columns = 0, rows = 0;
};
/// So many bytes of output may the worker have sent in all: it never fills the socket, and so never
/// stops reading keys.
struct Allow {
  std::uint64_t sent = 0;
};
/// A request of session.md section 2, with its rights checked. `action` is the message's `type`:
/// list, get, put, taken, rename, remove, make, cancel. Members that it lacks are empty.
struct FileRequest {
  std::string action;
  std::uint32_t request = 0;
  std::string path, to;
  std::uint64_t size = 0, offset = 0, seen = 0;
  bool replace = false;
};

struct State {
  std::string state;  ///< host_key, login
};
struct HostKey {
  std::string verdict;  ///< known, first_use, unknown, changed, authority
  std::string key;      ///< OpenSSH's form
};
struct FileEntry {
  std::string name, kind;                  ///< kind: file, folder, link, other
  std::uint64_t size = 0, changed_at = 0;  ///< seconds since 1970
  std::uint32_t mode = 0;                  ///< permission bits
};
/// An answer of session.md section 2. `type` is the message's: entries, opened, done, failed, more.
struct FileAnswer {
  std::string type;
  std::uint32_t request = 0;
  std::vector<FileEntry> entries;
  bool done = false;
  std::uint64_t size = 0, seen = 0;
  std::optional<pushpull::Hash> sha256;
  std::string code;  ///< of `failed`
};
/// `reason` is one of ticket.md section 4: logout (with `exit`), closed, hung_up, host_key,
/// credential, protocol, unreachable (the host never answered), internal.
struct Ended {
  std::string reason;
  std::optional<std::uint32_t> exit;
};

Bytes encode(const Start& body);
Bytes encode(const WindowSize& body);
Bytes encode(const Allow& body);
Bytes encode(const FileRequest& body);
Bytes encode(const State& body);
Bytes encode(const HostKey& body);
Bytes encode(const FileAnswer& body);
Bytes encode(const Ended& body);

// All fail with `invalid_input` on anything that `encode` would not have written, and on words and
// numbers that are not among the above.
Result<Start> decode_start(BytesView body);
Result<WindowSize> decode_window_size(BytesView body);
Result<Allow> decode_allow(BytesView body);
Result<FileRequest> decode_file_request(BytesView body);
Result<State> decode_state(BytesView body);
Result<HostKey> decode_host_key(BytesView body);
Result<FileAnswer> decode_file_answer(BytesView body);
Result<Ended> decode_ended(BytesView body);

/// A piece of an upload or a download: `u32 request | bytes`.
struct Part {
  std::uint32_t request = 0;
  BytesView bytes;
};
Result<Part> decode_part(BytesView body);

/// Appends a whole frame to what is to be sent. `body` is smaller than `most_frame`.
void append_frame(Bytes& out, FrameKind kind, BytesView body = {});
void append_part(Bytes& out, FrameKind kind, const Part& part);

/// One frame; `body` stands until the next call on the reader that gave it.
struct Frame {
  FrameKind kind{};
  BytesView body;
};

/// Takes a stream apart. What it has given out it overwrites, for a credential passes through.
class FrameReader {
 public:
  FrameReader();
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;
  ~FrameReader();

  /// At most 64 KiB at a time; call `next` until it has nothing before more.
  void add(BytesView bytes);
  /// Nothing while none is whole. Fails with `invalid_input` on a size beyond the limit or a kind
  /// that is not one of ours; then the stream is of no more use.
  Result<std::optional<Frame>> next();

 private:
  void forget();

  Bytes buffer_;
  std::size_t used_ = 0;   // given out already
  std::size_t wiped_ = 0;  // given out before that, and overwritten
};

}  // namespace sp::edge_gateway
