#pragma once
// Writes what a session showed, so that the core alone can read it: docs/formats/recording.md. The
// keys of what is written are gone with each chunk; nothing of a recording is ever read here but to
// be sent to the core as it is.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/random/random.h"
#include "base/result/result.h"
#include "edge-gateway/recording/text.h"
#include "pushpull/envelope/keys.h"
#include "pushpull/items/sessions.h"

namespace sp::edge_gateway::recording {

inline constexpr std::size_t chunk_after_bytes = 64U << 10U;
inline constexpr Duration chunk_after{500};

/// How much is durable: what `session.recording` says.
struct Progress {
  std::uint64_t chunks = 0, bytes = 0;
  pushpull::Hash hash{};
};

/// "FOLDER/<session in hex>.rec"
std::filesystem::path path_of(const std::filesystem::path& folder,
                              const pushpull::SessionId& session);

/// What a file holds in whole chunks, found without any key: for what a stopped gateway left.
/// `not_found` without one, `corrupt` when it is no recording.
Result<Progress> progress_of(const std::filesystem::path& file);

/// One session's recording. Single-threaded. Times never run back: an earlier one counts as the
/// last. After a failed call (a full disk) every later one fails too, and what was durable before
/// stays: the caller ends the session or goes on without (`disk_full` of its ticket).
class Recording {
 public:
  /// Makes the file, which must not exist, mode 0600. `invalid_input` for a key of no use.
  static Result<std::unique_ptr<Recording>> begin(const std::filesystem::path& folder,
                                                  const pushpull::SessionId& session,
                                                  const pushpull::StaticPublicKey& recording_key,
                                                  const Head& head, Random& random);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  Outcome output(BytesView bytes, Instant at);
  Outcome input(BytesView bytes, Instant at);
  Outcome resize(std::uint32_t columns, std::uint32_t rows, Instant at);
  /// A connection was lost, or came back.
  Outcome mark(Instant at);

  /// When `flush` should be called at the latest; nothing while all is durable. What fills a chunk
  /// is written without being asked.
  [[nodiscard]] std::optional<Instant> due() const;
  /// Makes everything so far durable.
  Outcome flush();
  /// The same, and says that nothing follows. Nothing may be added after.
  Outcome finish();

  [[nodiscard]] Progress progress() const { return progress_; }

 private:
  Recording(int file, Secret key, const Head& head);
  Outcome add(LineKind kind, std::string_view text, Instant at);
  Outcome add_text(LineKind kind, std::string_view text, Instant at);
  Outcome write(BytesView bytes);
  Outcome seal(bool last);

  int file_;
  Secret key_;  // k(n) of the chunk that comes next
  Progress progress_;
  Instant began_, latest_;
  std::string pending_;
  std::optional<Instant> pending_since_;
  Utf8Joiner output_, input_;
  bool broken_ = false, finished_ = false;
};

}  // namespace sp::edge_gateway::recording
