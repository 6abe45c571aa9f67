#pragma once
// Mails that wait, in the database: sealed, retried, erased once they are out.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/random/random.h"
#include "base/time/clock.h"
#include "core/keyring/keyring.h"
#include "core/mail/mime.h"
#include "core/mail/smtp.h"
#include "core/mail/template.h"
#include "core/store/store.h"

namespace sp::mail {

std::string_view name(Occasion occasion);
/// `corrupt` for any other text.
Result<Occasion> occasion_named(std::string_view text);

enum class Start : std::uint8_t {
  at_once,
  when_released,  ///< an invitation waits until its message can be opened
};

struct Letter {
  Occasion occasion = Occasion::invite;
  std::string message;  ///< id of the message that it is about; empty for none
  Mail mail;
  Start start = Start::at_once;
  Instant give_up_at{};  ///< no try after this
};

/// The parts of the core that the queue needs. All must outlive their user.
struct Context {
  store::Store& store;
  const keyring::Keyring& keyring;
  const Clock& clock;
  Random& random;
};

/// Seals the letter and puts it into the queue. `invalid_input` when `mime` refuses it.
Outcome enqueue(const Context& context, store::Transaction& transaction, const Letter& letter);
/// The invitation of this message may go now; one that was set aside (set_aside.h) stays so.
Outcome release(const Context& context, store::Transaction& transaction, std::string_view message);
/// Erases the invitation of this message unless it is out; says whether there was one.
Result<bool> withdraw(store::Transaction& transaction, std::string_view message);

enum class Fate : std::uint8_t {
  sent,
  delayed,  ///< the first try failed; more follow
  failed,   ///< given up
};
/// What became of a letter, told in the transaction that records it.
struct Settled {
  Occasion occasion;
  std::string message;
  Fate fate = Fate::failed;
  std::string recipient;
  std::string reason;  ///< a sentence; empty when it was sent
};
using OnSettled = std::function<Outcome(store::Transaction&, const Settled&)>;
/// The server to use; nothing while none is configured (letters wait then).
using CurrentServer = std::function<Result<std::optional<SmtpServer>>()>;

/// The pause before try number `tries` + 1: a minute, doubled each time, at most an hour.
Duration back_off(std::int64_t tries);

/// Sends what is due, on one thread of its own. Several cores may do so on one database: a letter
/// is claimed before it is sent.
class Mailer {
 public:
  Mailer(const Context& context, Transport& transport, CurrentServer server, OnSettled on_settled);
  ~Mailer();
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;

  /// Something became due. From any thread.
  void wake();
  void stop();

  /// One round: sends what is due now, gives how many were tried. The thread calls it; tests too.
  static Result<int> round(const Context& context, Transport& transport,
                           const CurrentServer& server, const OnSettled& on_settled);

 private:
  void work(const std::stop_token& stop);
  Context context_;
  Transport& transport_;
  CurrentServer server_;
  OnSettled on_settled_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool due_ = true;
  std::jthread thread_;  // last: ends before what it uses
};

}  // namespace sp::mail
