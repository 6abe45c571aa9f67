#include "edge-gateway/ssh/connection.h"

#include <libssh/server.h>

namespace sp::edge_gateway {
namespace {

constexpr std::size_t most_banner = 16U << 10U;

// "type base64", empty when there is none.
std::string shown_key(ssh_session session) {
  ssh_key got = nullptr;
  if (::ssh_get_server_publickey(session, &got) != SSH_OK) return {};
  const SshKey key{got};
  char* made = nullptr;
  if (::ssh_pki_export_pubkey_base64(key.get(), &made) != SSH_OK) return {};
  const SshText base64{made};
  return std::string{::ssh_key_type_to_char(::ssh_key_type(key.get()))} + " " + base64.get();
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::begin(int socket, Start&& start, Judged judged) {
  KnownHost known{std::move(start.host_keys), std::move(start.host_cas), start.first_use};
  auto session = TRY(new_session(socket, start.credential.login, known));
  return std::unique_ptr<Connection>{new Connection{
      std::move(session), std::move(known), std::move(start.credential), std::move(judged)}};
}

Connection::Connection(SshSession session, KnownHost known, pushpull::Credential&& credential,
                       Judged judged)
    : session_(std::move(session)),
      event_(::ssh_event_new()),
      known_(std::move(known)),
      login_(std::move(credential)),
      judged_(std::move(judged)) {
  ::ssh_set_counters(session_.get(), &socket_count_, &packet_count_);
}

Connection::~Connection() {
  ::ssh_event_remove_session(event_.get(), session_.get());
  ::ssh_disconnect(session_.get());
}

Progress Connection::step() {
  return phase_ == Phase::connecting ? connect() : log_in();
}

Progress Connection::connect() {
  const int answer = ::ssh_connect(session_.get());
  if (answer == SSH_AGAIN) return Progress::waits;
  if (answer != SSH_OK) return fail(why_not_connected());
  // Only now, since the socket is libssh's own business until its first use.
  if (::ssh_event_add_session(event_.get(), session_.get()) != SSH_OK) return fail("internal");
  return judge_host();
}

Progress Connection::judge_host() {
  const auto key = shown_key(session_.get());
  const auto verdict = judge(known_, key);
  judged_(verdict, key);
  if (!may_log_in(verdict)) return fail("host_key");
  phase_ = Phase::logging_in;
  return log_in();
}

Progress Connection::log_in() {
  const auto progress = login_.step(session_.get());
  if (progress == Progress::refused) return fail("credential");
  return progress == Progress::lost ? fail("hung_up") : progress;
}

void Connection::pump() {
  ::ssh_event_dopoll(event_.get(), 0);
}

void Connection::give_up() {
  if (phase_ == Phase::logging_in) return void(fail("hung_up"));
  fail(heard() == 0 ? "unreachable" : "protocol");
}

void Connection::send_keep_alive() {
  ::ssh_send_keepalive(session_.get());
}

bool Connection::alive() const {
  return ::ssh_is_connected(session_.get()) != 0;
}

bool Connection::sending() const {
  return (static_cast<unsigned>(::ssh_get_poll_flags(session_.get())) & SSH_WRITE_PENDING) != 0;
}

std::string Connection::banner() const {
  const SshText told{::ssh_get_issue_banner(session_.get())};
  std::string out;
  for (const char* at = told.get(); at != nullptr && *at != 0 && out.size() < most_banner; ++at) {
    if (*at == '\n') out += '\r';
    out += *at;
  }
  return out;
}

Progress Connection::fail(Reason reason) {
  if (reason_.empty()) reason_ = reason;
  return Progress::lost;
}

// A host that goes before its first packet hung up. One that spoke and did not agree with us, or
// that is no SSH at all, does not speak our protocol.
Reason Connection::why_not_connected() const {
  const bool spoke = socket_count_.in_bytes > 0;
  const bool is_ssh = ::ssh_get_serverbanner(session_.get()) != nullptr;
  return !spoke || (is_ssh && packet_count_.in_packets == 0) ? "hung_up" : "protocol";
}

}  // namespace sp::edge_gateway
