#pragma once
// The core's side of one link: dials the edge, pushes what waits, pulls what happened.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/random/random.h"
#include "base/result/result.h"
#include "base/time/clock.h"
#include "pushpull/link/channel.h"
#include "pushpull/outbox/outbox.h"

namespace sp::pushpull {

enum class Light : std::uint8_t { green, amber, red };
std::string_view name(Light light);  ///< "green"

struct LinkHealth {
  Light light = Light::amber;
  std::string reason;  ///< a sentence for an administrator
  bool enrolled = false;
  std::optional<Instant> last_contact;
  Duration clock_skew{};  ///< the edge's clock minus ours
  std::uint64_t items_waiting = 0;
  std::uint64_t events_waiting = 0;
  std::uint64_t holds = 0;                      ///< messages or tickets that live at the edge
  std::string version;                          ///< of the edge's program
  std::optional<int> certificate_days_left;     ///< of the intake
  std::vector<CertificateReport> certificates;  ///< as the last hello told them
};

struct LinkOptions {
  std::string version;  ///< ours, told to the edge
  Duration hello_every{30'000};
  Duration pull_wait{25'000};  ///< how long a pull may wait for events
  Duration patience{15'000};   ///< for any other answer
  Duration back_off_least{200};
  Duration back_off_most{30'000};
};

/// Works from its construction to `stop`, on two threads of its own with small stacks.
class Link {
 public:
  /// One channel to push through and one to pull through. `outbox`, `clock` and `random` must
  /// outlive the link.
  Link(LinkOptions options, std::unique_ptr<Channel> push, std::unique_ptr<Channel> pull,
       Outbox& outbox, const Clock& clock, Random& random);
  ~Link();  ///< stops
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// There is something to send. From any thread, at once, cheap.
  void wake();
  /// Changes the shared key (and the edge's static key, if a `key.rotate` item was queued before).
  void rotate();
  [[nodiscard]] LinkHealth health() const;
  /// A range of a recording that the edge holds. Waits for the answer.
  Result<BlobResponse> blob(const BlobRequest& request);
  /// Returns when both threads have ended; a waiting pull is cut.
  void stop();

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace sp::pushpull
