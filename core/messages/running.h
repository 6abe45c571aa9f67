#pragma once
// The parts of sending that run by themselves: links to edges, the mail queue, the sweeper.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "core/edges/supervisor.h"
#include "core/mail/queue.h"
#include "core/messages/send.h"
#include "core/messages/traffic.h"

namespace sp::messages {

/// Works from its construction to `stop`. Everything handed in must outlive it. `others`: features
/// that share the links.
class Running {
 public:
  Running(const Context& context, settings::Settings& settings, people::People& people,
          const std::string& site_url, edges::MakeChannel make_channel = pushpull::tls_channel,
          const std::vector<edges::Traffic*>& others = {});
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  [[nodiscard]] Sender& sender() { return sender_; }
  [[nodiscard]] edges::Supervisor& supervisor() { return supervisor_; }
  [[nodiscard]] edges::Traffic& traffic() { return shared_; }
  /// Tells the link of an edge that something waits.
  [[nodiscard]] Sender::Wake wake();
  /// A letter was put into the queue.
  void wake_mailer() { mailer_.wake(); }
  /// Sends one test mail with these settings, now. Gives what to tell the administrator;
  /// `unavailable` or `forbidden` when the server did not take it.
  Result<std::string> send_test_mail(const settings::Values& values, const std::string& to);
  void stop();

 private:
  void sweep(const std::stop_token& stop);
  Context context_;
  settings::Settings& settings_;
  Stretcher stretcher_;
  mail::SmtpTransport transport_;
  MessageTraffic traffic_;
  edges::SharedTraffic shared_;
  mail::Mailer mailer_;
  edges::Supervisor supervisor_;
  Sender sender_;
  std::mutex mutex_;
  std::condition_variable_any sleep_;
  std::jthread sweeper_;  // last: ends before what it uses
};

}  // namespace sp::messages
