#pragma once
// Logs in with a ticket's credential: docs/formats/ticket.md section 1.

#include "edge-gateway/ssh/handle.h"
#include "pushpull/items/sessions.h"

namespace sp::edge_gateway {

/// One attempt, by the one method that the credential is for. A password also answers the single
/// hidden question of keyboard-interactive, once. The credential is overwritten as soon as the host
/// has decided, and in any case when this goes.
class Login {
 public:
  explicit Login(pushpull::Credential&& credential) : credential_(std::move(credential)) {}
  Login(const Login&) = delete;
  Login& operator=(const Login&) = delete;
  ~Login() { forget(); }

  /// Only after the host's key was judged. `lost` when the connection went before an attempt.
  Progress step(ssh_session session);

 private:
  enum class Step : std::uint8_t { asks_methods, password, questions, key };

  Progress judge(ssh_session session, int answer);
  int attempt(ssh_session session);
  int attempt_password(ssh_session session);
  bool choose(ssh_session session);
  bool load_key();
  bool answer_questions(ssh_session session);
  void forget();

  pushpull::Credential credential_;
  SshKey key_;
  Step step_ = Step::asks_methods;
  bool answered_ = false;
  int rounds_ = 0;
};

}  // namespace sp::edge_gateway
