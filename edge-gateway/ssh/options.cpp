#include "edge-gateway/ssh/options.h"

namespace sp::edge_gateway {
namespace {

// In the order of preference. libssh leaves out the names that it does not know yet.
constexpr const char* key_exchanges =
    "mlkem768x25519-sha256,sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,"
    "curve25519-sha256,curve25519-sha256@libssh.org,"
    "ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521";
constexpr const char* ciphers =
    "aes256-gcm@openssh.com,aes128-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr,"
    "aes192-ctr,aes128-ctr";
constexpr const char* macs = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com";
constexpr const char* public_keys =
    "ssh-ed25519-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
    "ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,"
    "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
    "rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,rsa-sha2-512,rsa-sha2-256";
constexpr int least_rsa_bits = 2'048;

bool set(const SshSession& session, ssh_options_e option, const void* value) {
  return ::ssh_options_set(session.get(), option, value) == SSH_OK;
}

bool set_algorithms(const SshSession& session, const std::string& host_keys) {
  return set(session, SSH_OPTIONS_KEY_EXCHANGE, key_exchanges) &&
         set(session, SSH_OPTIONS_HOSTKEYS, host_keys.c_str()) &&
         set(session, SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, public_keys) &&
         set(session, SSH_OPTIONS_CIPHERS_C_S, ciphers) &&
         set(session, SSH_OPTIONS_CIPHERS_S_C, ciphers) &&
         set(session, SSH_OPTIONS_HMAC_C_S, macs) && set(session, SSH_OPTIONS_HMAC_S_C, macs) &&
         set(session, SSH_OPTIONS_COMPRESSION, "no") &&
         set(session, SSH_OPTIONS_RSA_MIN_SIZE, &least_rsa_bits);
}

// Each is a file or a program that libssh would look for in somebody's home.
bool set_nothing_local(const SshSession& session) {
  const bool no = false;
  return set(session, SSH_OPTIONS_PROCESS_CONFIG, &no) &&
         set(session, SSH_OPTIONS_SSH_DIR, "/nonexistent") &&
         set(session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null") &&
         set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
}

}  // namespace

Result<SshSession> new_session(int socket, const std::string& login, const KnownHost& known) {
  SshSession session{::ssh_new()};
  if (!session) return Error{Code::internal, "no session of libssh"};
  const bool good =
      set_nothing_local(session) && set_algorithms(session, host_key_algorithms(known)) &&
      set(session, SSH_OPTIONS_FD, &socket) && set(session, SSH_OPTIONS_USER, login.c_str());
  if (!good) return Error{Code::invalid_input, "options of libssh"};
  ::ssh_set_blocking(session.get(), 0);
  return session;
}

}  // namespace sp::edge_gateway
