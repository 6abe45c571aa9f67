#pragma once
// Watches every certificate of the site: the core's own, and those that edges tell of in their
// hello. Each threshold is told once, in the audit trail and by mail to the administrators.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/audit/audit.h"
#include "core/certificates/certificate.h"
#include "core/people/people.h"
#include "core/settings/settings.h"
#include "core/store/store.h"

namespace sp::certificates {

struct Watched {
  Certificate certificate;
  std::string owner_name;  ///< of the edge; empty for the core
  Verdict verdict;
};
/// All that are known: the core's first, then the edges' by name. `site_url` says which name the
/// core's must have.
Result<std::vector<Watched>> list(store::Store& store, const std::string& site_url, Instant now);

/// The parts of the core that the watch needs. All must outlive it.
struct Context {
  store::Store& store;
  const keyring::Keyring& keyring;
  const audit::Audit& audit;
  people::People& people;
  settings::Settings& settings;
  const Clock& clock;
  Random& random;
  std::string site_url;
};
/// What is shown now, as far as this core can see it.
using Look = std::function<std::vector<Certificate>()>;

/// Looks every few seconds on a thread of its own. Several cores may do so on one database.
class Watch {
 public:
  /// `wake_mailer` is called after mails were queued.
  Watch(Context context, Look look, std::function<void()> wake_mailer);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  void stop();

  /// One round: records what is shown, tells of what ends; gives how many mails were queued. The
  /// thread calls it; tests too. A mail waits until there is a mail server, a sender's address and
  /// an administrator with an address.
  static Result<int> round(const Context& context, const Look& look);

 private:
  void work(const std::stop_token& stop);
  Context context_;
  Look look_;
  std::function<void()> wake_mailer_;
  std::mutex mutex_;
  std::condition_variable_any sleep_;
  std::jthread thread_;  // last: ends before what it uses
};

}  // namespace sp::certificates
