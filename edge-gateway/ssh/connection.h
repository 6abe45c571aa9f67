#pragma once
// The connection with the host up to the moment when channels can be opened: keys are exchanged,
// the host is judged, then the credential is sent.

#include <functional>
#include <optional>

#include "edge-gateway/ssh/login.h"
#include "edge-gateway/ssh/options.h"
#include "edge-gateway/worker/frames.h"

namespace sp::edge_gateway {

/// Why a connection did not come to be, or is no more: a reason of `ended`. Empty while there is
/// none.
using Reason = std::string_view;

class Connection {
 public:
  /// Told once, before any credential leaves.
  using Judged = std::function<void(Verdict verdict, const std::string& key)>;

  /// Takes the socket and the credential.
  static Result<std::unique_ptr<Connection>> begin(int socket, Start&& start, Judged judged);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// `done` when logged in. Else, when it does not wait, `reason` says why.
  Progress step();
  /// Takes what the host sent, and sends what waits, without waiting.
  void pump();
  /// To be called when the time for what goes on is over.
  void give_up();
  void send_keep_alive();

  /// What the host had to say before the login (RFC 4252 section 5.4), with a terminal's line ends.
  [[nodiscard]] std::string banner() const;

  [[nodiscard]] Reason reason() const { return reason_; }
  [[nodiscard]] bool judged() const { return phase_ != Phase::connecting; }
  [[nodiscard]] bool alive() const;
  [[nodiscard]] bool sending() const;  ///< the socket did not take all yet
  [[nodiscard]] std::uint64_t heard() const { return socket_count_.in_bytes; }
  [[nodiscard]] ssh_session session() const { return session_.get(); }

 private:
  enum class Phase : std::uint8_t { connecting, logging_in };
  Connection(SshSession session, KnownHost known, pushpull::Credential&& credential, Judged judged);

  Progress connect();
  Progress log_in();
  Progress judge_host();
  Progress fail(Reason reason);
  [[nodiscard]] Reason why_not_connected() const;

  SshSession session_;
  SshEvent event_;
  ssh_counter_struct socket_count_{}, packet_count_{};
  KnownHost known_;
  Login login_;
  Judged judged_;
  Phase phase_ = Phase::connecting;
  Reason reason_;
};

}  // namespace sp::edge_gateway
