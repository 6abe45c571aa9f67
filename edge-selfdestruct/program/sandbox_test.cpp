#include "edge-selfdestruct/program/sandbox.h"

#include <arpa/inet.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_selfdestruct;

namespace {

/// True when `holds` says so in a process that has entered the sandbox.
bool inside(const std::function<bool()>& holds) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(enter_sandbox() && holds() ? 42 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 42;
}

bool is_forbidden(long result) {
  return result == -1 && errno == EPERM;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

int tcp() {
  return ::socket(AF_INET, SOCK_STREAM, 0);
}

}  // namespace

TEST_CASE("the portal's process can open no connection", "[program][promise-1]") {
  const auto address = loopback(9);
  const auto* to = reinterpret_cast<const sockaddr*>(&address);

  CHECK(inside([&] { return is_forbidden(::connect(tcp(), to, sizeof address)); }));
  CHECK(inside(
      [&] { return is_forbidden(::sendto(tcp(), "x", 1, MSG_FASTOPEN, to, sizeof address)); }));
  CHECK(inside([&] {
    msghdr message{};
    return is_forbidden(::sendmsg(tcp(), &message, MSG_FASTOPEN));
  }));
  CHECK(inside([] { return is_forbidden(::socket(AF_INET, SOCK_DGRAM, 0)); }));
  CHECK(inside([] { return is_forbidden(::socket(AF_UNIX, SOCK_STREAM, 0)); }));
  CHECK(inside([] { return is_forbidden(::syscall(SYS_io_uring_setup, 1, nullptr)); }));
}

TEST_CASE("the portal's process can still serve", "[program][promise-1]") {
  CHECK(inside([] {
    const auto address = loopback(0);
    const int fd = tcp();
    return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
           ::listen(fd, 1) == 0;
  }));
}

TEST_CASE("the portal's process starts no program, traces none and leaves no core dump",
          "[program][promise-2]") {
  CHECK(inside([] { return is_forbidden(::execl("/bin/true", "true", nullptr)); }));
  CHECK(inside([] { return is_forbidden(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }));
  CHECK(inside([] { return ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0; }));
  CHECK(inside([] { return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1; }));
}
