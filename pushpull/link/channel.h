#pragma once
// One HTTP connection to an edge's intake, as the link sees it.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/time/clock.h"
#include "pushpull/envelope/keys.h"

namespace sp::pushpull {

/// Whether a TLS key that is not the known one is the edge's all the same: its pin, and the
/// certificate (DER) that it was shown with.
using Vouch = std::function<bool(const Pin& pin, BytesView leaf)>;

struct Call {
  BytesView body;          ///< empty: GET /pushpull/v1/key; else POST /pushpull/v1
  Duration patience{};     ///< absolute: connecting, sending and the whole answer
  std::optional<Pin> pin;  ///< the TLS key to talk to; none: any, and the answer says which
  Vouch vouch{};           ///< asked before anything is sent to another key; none: refused
};
struct Answer {
  int status = 0;
  Bytes body;
  Pin pin;  ///< of the TLS key that the edge showed
};

class Channel {
 public:
  virtual ~Channel() = default;
  /// `unavailable` when the edge cannot be reached or its answer makes no sense; `forbidden` when
  /// it showed another TLS key than `pin` (nothing was sent then). From one thread at a time.
  virtual Result<Answer> exchange(const Call& call) = 0;
  /// Ends an exchange that is under way, and all later ones, at once. From any thread.
  virtual void stop() = 0;
};

/// TLS 1.3 over TCP with keep-alive. `url` is `https://host:port`, nothing after it.
Result<std::unique_ptr<Channel>> tls_channel(const std::string& url);

}  // namespace sp::pushpull
