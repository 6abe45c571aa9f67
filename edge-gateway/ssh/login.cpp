#include "edge-gateway/ssh/login.h"

#include <algorithm>
#include <utility>

#include "base/secret/secret.h"
#include "edge-gateway/ssh/leftovers.h"
#include "pushpull/tickets/tickets.h"

namespace sp::edge_gateway {
namespace {

constexpr int most_rounds = 8;  // of keyboard-interactive

// libssh takes text that ends with a zero.
Secret as_text(BytesView bytes) {
  Secret out(bytes.size() + 1);
  std::ranges::copy(bytes, out.expose_mutable().begin());
  return out;
}
const char* text(const Secret& secret) {
  return reinterpret_cast<const char*>(secret.expose().data());
}
bool holds_zero(BytesView bytes) {
  return std::ranges::find(bytes, std::byte{0}) != bytes.end();
}

// "type base64 comment", as ssh-keygen writes it.
SshKey certificate_from(BytesView line) {
  const auto all = bytes::text(line);
  const auto first = all.find(' ');
  if (first == std::string_view::npos) return {};
  const std::string type{all.substr(0, first)};
  const auto rest = all.substr(first + 1);
  const std::string base64{rest.substr(0, rest.find_first_of(" \r\n"))};
  ssh_key made = nullptr;
  if (::ssh_pki_import_cert_base64(base64.c_str(), ::ssh_key_type_from_name(type.c_str()), &made) !=
      SSH_OK)
    return {};
  return SshKey{made};
}

}  // namespace

Progress Login::step(ssh_session session) {
  const int answer = attempt(session);
  if (answer == SSH_AUTH_AGAIN) return Progress::waits;
  const auto progress = judge(session, answer);
  if (progress != Progress::waits) forget();
  return progress;
}

// RFC 4252 section 5.1: the methods that may go on come with a refusal, also with that of "none".
Progress Login::judge(ssh_session session, int answer) {
  if (answer == SSH_AUTH_SUCCESS) return Progress::done;
  const bool asked = step_ == Step::asks_methods;
  if (answer == SSH_AUTH_ERROR && asked && ::ssh_is_connected(session) == 0) return Progress::lost;
  if (answer == SSH_AUTH_INFO && step_ == Step::questions)
    return answer_questions(session) ? step(session) : Progress::refused;
  if (asked && answer == SSH_AUTH_DENIED && choose(session)) return step(session);
  return Progress::refused;
}

int Login::attempt(ssh_session session) {
  switch (step_) {
    case Step::asks_methods:
      return ::ssh_userauth_none(session, nullptr);
    case Step::password:
      return attempt_password(session);
    case Step::questions:
      return ::ssh_userauth_kbdint(session, nullptr, nullptr);
    case Step::key:
      return ::ssh_userauth_publickey(session, nullptr, key_.get());
  }
  return SSH_AUTH_ERROR;
}

int Login::attempt_password(ssh_session session) {
  const auto password = as_text(credential_.password);
  return ::ssh_userauth_password(session, nullptr, text(password));
}

// One method alone: a wrong password that is tried twice counts twice at the host.
bool Login::choose(ssh_session session) {
  const auto offered = static_cast<unsigned>(::ssh_userauth_list(session, nullptr));
  if (credential_.kind != "password") {
    step_ = Step::key;
    return (offered & SSH_AUTH_METHOD_PUBLICKEY) != 0 && load_key();
  }
  step_ = (offered & SSH_AUTH_METHOD_PASSWORD) != 0 ? Step::password : Step::questions;
  const bool possible = (offered & (SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_INTERACTIVE)) != 0;
  return possible && !holds_zero(credential_.password);
}

bool Login::load_key() {
  const auto armored = as_text(credential_.private_key);
  const auto passphrase = as_text(credential_.passphrase);
  const char* opener = credential_.passphrase.empty() ? nullptr : text(passphrase);
  ssh_key made = nullptr;
  if (::ssh_pki_import_privkey_base64(text(armored), opener, nullptr, nullptr, &made) != SSH_OK)
    return false;
  key_.reset(made);
  if (credential_.kind != "certificate") return true;
  const auto certificate = certificate_from(credential_.certificate);
  return certificate && ::ssh_pki_copy_cert_to_privkey(certificate.get(), key_.get()) == SSH_OK;
}

// RFC 4256 section 3.2: a round without a question wants an answer without answers. More questions,
// or one that shows what is typed, are not for a password: a new one is asked for, or a second
// factor.
bool Login::answer_questions(ssh_session session) {
  const int questions = ::ssh_userauth_kbdint_getnprompts(session);
  if (++rounds_ > most_rounds) return false;
  if (questions == 0) return true;
  char shown = 1;
  ::ssh_userauth_kbdint_getprompt(session, 0, &shown);
  if (questions != 1 || shown != 0 || answered_) return false;
  answered_ = true;
  const auto password = as_text(credential_.password);
  return ::ssh_userauth_kbdint_setanswer(session, 0, text(password)) == 0;
}

void Login::forget() {
  pushpull::wipe(credential_);
  if (!std::exchange(key_, nullptr)) return;
  overwrite_leftovers();
}

}  // namespace sp::edge_gateway
