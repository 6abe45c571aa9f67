#pragma once
// Opens what a gateway recorded, chunk by chunk as its bytes come: docs/formats/recording.md. A
// gateway may be hostile: what does not open, and everything after it, is never shown.

#include <cstdint>
#include <string_view>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "pushpull/envelope/keys.h"
#include "pushpull/items/sessions.h"

namespace sp::recordings {

/// How much there is, in whole chunks.
struct Progress {
  std::uint64_t chunks = 0, bytes = 0;
  pushpull::Hash hash{};
  friend bool operator==(const Progress&, const Progress&) = default;
};

/// Opens one recording, from its first byte on. Moves only.
class Opener {
 public:
  Opener(const pushpull::SessionId& session, pushpull::StaticPrivateKey key)
      : session_(session), key_(std::move(key)) {}

  /// The next bytes; gives the text of the chunks that became whole by them. `corrupt` from the
  /// first chunk on that does not open: then nothing more is given, ever.
  Result<Secret> take(BytesView bytes);

  /// What was opened so far; the next bytes wanted are those from `wanted()` on.
  [[nodiscard]] const Progress& progress() const { return progress_; }
  [[nodiscard]] std::uint64_t wanted() const { return progress_.bytes + kept_.size(); }
  /// The chunk came that says that nothing follows.
  [[nodiscard]] bool is_finished() const { return finished_; }
  [[nodiscard]] bool is_damaged() const { return damaged_; }

 private:
  Result<bool> open_header();
  /// Moves one chunk from `kept_` to the end of `text`; false when more bytes are needed.
  Result<bool> open_chunk(Bytes& text);
  Error damaged(std::string_view why);

  pushpull::SessionId session_;
  pushpull::StaticPrivateKey key_;
  Secret chain_;  // k(n)
  Progress progress_;
  Bytes kept_;  // the beginning of a chunk
  bool finished_ = false, damaged_ = false;
};

/// What a recording is worth.
enum class State : std::uint8_t {
  none,     ///< nothing was to be recorded
  awaited,  ///< the session did not begin, or nothing of it came yet
  growing,
  whole,    ///< all of it, as the gateway told
  cut,      ///< the session ended without the last chunk; what is there is genuine
  damaged,  ///< a chunk does not open, or it is not what the gateway told; up to there genuine
  erased,   ///< kept as long as it was to be
};
std::string_view name(State state);
Result<State> state_named(std::string_view text);

/// Of a session that has ended: `told` is what its end said, `opened` what could be opened.
State verdict(const Opener& opened, const Progress& told);

}  // namespace sp::recordings
