#include "edge-gateway/ssh/worker.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <csignal>

#include "base/log/log.h"
#include "base/openssl/crypto.h"
#include "base/random/random.h"
#include "edge-gateway/sandbox/sandbox.h"
#include "edge-gateway/ssh/loop.h"

namespace sp::edge_gateway {
namespace {

constexpr int parent_socket = 3;
constexpr int host_socket = 4;

// A key waits behind this much of an upload at most, and not behind what a buffer of the kernel's
// own choice holds.
constexpr int most_unsent = 128 << 10;

bool set(int option, int value) {
  return ::setsockopt(host_socket, IPPROTO_TCP, option, &value, sizeof value) == 0;
}

bool prepare_sockets() {
  ::signal(SIGPIPE, SIG_IGN);
  const int flags = ::fcntl(host_socket, F_GETFL);
  return flags >= 0 && ::fcntl(host_socket, F_SETFL, flags | O_NONBLOCK) == 0 &&
         set(TCP_NODELAY, 1) && set(TCP_NOTSENT_LOWAT, most_unsent);
}

// What the libraries read once from files they read now.
bool prepare_libraries() {
  std::array<std::byte, 32> some{};
  OsRandom{}.fill(some);
  return openssl::sha256(some) != openssl::Digest{} && ::ssh_init() == SSH_OK;
}

}  // namespace

int run_worker() {
  if (!prepare_sockets() || !prepare_libraries()) {
    log::error("worker_not_started");
    return exit_code(Code::internal);
  }
  if (const auto inside = enter_worker_sandbox(host_socket); !inside) {
    log::error("worker_not_started", inside.error());
    return exit_code(Code::internal);
  }
  Loop{parent_socket, host_socket}.run();
  return 0;
}

}  // namespace sp::edge_gateway
