#pragma once
// Talking to one CA: nonces, signatures, refusals, and patience with all of them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random/random.h"
#include "certs/acme/answers.h"
#include "certs/acme/requests.h"
#include "certs/acme/transport.h"

namespace sp::acme {

/// Waits; a test does not, and a program that stops ends the wait.
class Waiter {
 public:
  virtual ~Waiter() = default;
  /// `unavailable` when the wait was ended from outside: give up then.
  virtual Outcome wait(Duration time) = 0;
};
class SleepingWaiter final : public Waiter {
 public:
  Outcome wait(Duration time) override;
};

struct Limits {
  unsigned nonces = 30;      ///< that a CA may reject of one request
  unsigned attempts = 6;     ///< of one request, while the CA is away (network, 5xx) or busy (429)
  Duration back_off{1'000};  ///< after the first failure, doubling
  Duration back_off_most{30'000};
  Duration wait_most{120'000};  ///< the longest Retry-After that is sat out
  Duration poll{1'000};         ///< between two looks, growing by half, where the CA says nothing
  Duration poll_most{15'000};
  unsigned polls = 60;  ///< of one order or authorization
};

/// What a session stands on. All of it must outlive it.
struct World {
  Transport& transport;
  const Clock& clock;
  Random& random;
  Waiter& waiter;
};

/// From one thread at a time.
class Session {
 public:
  Session(std::string directory_url, World world, Limits limits = {})
      : directory_url_(std::move(directory_url)), world_(world), limits_(limits) {}

  /// Asked for once.
  Result<Directory> directory();
  /// Unauthenticated. Errors as of `post`.
  Result<HttpAnswer> get(const std::string& url, std::string_view step);
  /// `payload` empty: POST-as-GET (RFC 8555 section 6.3). Rejected nonces, failures of the network,
  /// 5xx and short rate limits are sat out. A refusal is an Error with the CA's words after `step`;
  /// `too_many` says when to come back.
  Result<HttpAnswer> post(const std::string& url, std::string_view payload, const Signer& signer,
                          std::string_view step);

  /// Calls `look` until it has a value; waits as long as the CA said meanwhile. `step` for the
  /// error after the last look.
  template <class T, class Look>
  Result<T> poll(Look look, std::string_view step) {
    auto pause = limits_.poll;
    for (unsigned i = 0; i < limits_.polls; ++i) {
      std::optional<T> found = TRY(look());
      if (found) return *std::move(found);
      TRY(world_.waiter.wait(advised_.value_or(pause)));
      pause = std::min(pause * 3 / 2, limits_.poll_most);
    }
    return Error{Code::unavailable,
                 std::string{step} + ": the CA did not finish in time; run this again to go on"};
  }

  /// The CA's clock minus ours, from its last answer; 0 before the first.
  [[nodiscard]] Duration skew() const { return skew_; }
  /// The time of day as the CA has it.
  [[nodiscard]] Instant now() const { return world_.clock.now() + skew_; }
  /// How long the last answer asked to wait (Retry-After), if it did.
  [[nodiscard]] std::optional<Duration> retry_after() const { return retry_after_; }
  [[nodiscard]] const std::string& directory_url() const { return directory_url_; }
  [[nodiscard]] World world() const { return world_; }

 private:
  Result<std::string> nonce();
  Result<HttpAnswer> exchange(const HttpCall& call);
  Outcome sit_out(unsigned attempt, std::string_view step, const HttpAnswer& answer);
  void learn(const HttpAnswer& answer);

  std::string directory_url_;
  World world_;
  Limits limits_;
  std::optional<Directory> directory_;
  std::vector<std::string> nonces_;
  Duration skew_{0};
  std::optional<Duration> retry_after_;
  std::optional<Duration> advised_;  // retry_after_, if it is one for polling
};

/// "Tue, 24 Nov 2026 17:30:00 GMT" (RFC 9110 section 5.6.7, the form that is sent).
Result<Instant> parse_http_date(std::string_view text);

}  // namespace sp::acme
