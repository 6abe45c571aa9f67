#pragma once
// Sees to every leaf that is due: asks CAs, begins renewals, tells the administrators of those that
// fail.

#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "certs/acme/transport.h"
#include "core/certificates/letter.h"
#include "core/certificates/post.h"
#include "core/orders/bell.h"
#include "core/orders/order.h"
#include "core/people/people.h"
#include "core/settings/settings.h"

namespace sp::orders {

struct WorkerOptions {
  std::filesystem::path hooks{};  ///< the folder of programs for dns-01; empty: none
  std::string site_url{};         ///< for mails
  /// How a CA is reached; `roots` as of Ca. A test gives its own.
  std::function<std::unique_ptr<acme::Transport>(const std::string& roots)> transport{};
  std::function<void(const std::string& edge)> wake_edge{};
  std::function<void()> wake_mailer{};
};

/// Works from its construction to `stop`, on a thread of its own, one leaf after the other. What is
/// under way when the program ends is gone on with by the next one.
class Worker {
 public:
  Worker(const Context& context, people::People& people, settings::Settings& settings, Bell& bell,
         WorkerOptions options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  void stop();

 private:
  void work(const std::stop_token& stop);
  Outcome round(const std::stop_token& stop);
  Outcome step(const Leaf& leaf, const std::stop_token& stop);
  Outcome order(const Leaf& leaf, const Order& order, const std::stop_token& stop);
  Outcome look(const Leaf& leaf, const Order& order, const std::stop_token& stop);
  Outcome change(const Leaf& leaf,
                 const std::function<Outcome(store::Transaction&, const Order&, Leaf&)>& what);
  Outcome tell();
  Outcome tell(const Leaf& leaf, const certificates::FailedRenewal& failed,
               const certificates::Post& post);

  Context context_;
  people::People& people_;
  settings::Settings& settings_;
  Bell& bell_;
  WorkerOptions options_;
  std::jthread thread_;  // last: ends before what it uses
};

}  // namespace sp::orders
