#include "edge-gateway/sandbox/sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;

namespace {

constexpr int last_fd = 4;

/// True when `holds` says so in a process that has entered the sandbox.
bool inside(const std::function<bool()>& holds) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(enter_worker_sandbox(last_fd) && holds() ? 42 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 42;
}

bool is_forbidden(long result) {
  return result == -1 && errno == EPERM;
}

// The same calls outside: what the sandbox forbids would work here.
bool can_connect() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const bool made = fd >= 0;
  ::close(fd);
  return made;
}

void* executable_page() {
  return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                0);
}

std::string text_of(const std::string& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// What /proc says about a process in the sandbox.
std::string seen_from_outside() {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!enter_worker_sandbox(last_fd)) ::_exit(1);
    for (;;) ::poll(nullptr, 0, 1'000);
  }
  const auto folder = "/proc/" + std::to_string(child);
  std::string told;
  for (int tries = 0; tries < 1'000 && told.find("Seccomp:\t2") == std::string::npos; ++tries) {
    ::poll(nullptr, 0, 5);
    told = text_of(folder + "/status") + text_of(folder + "/limits");
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return told;
}

}  // namespace

TEST_CASE("a worker opens no socket and connects none", "[gateway][promise-1]") {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  const auto* to = reinterpret_cast<const sockaddr*>(&address);

  REQUIRE(can_connect());
  CHECK(inside([] { return is_forbidden(::socket(AF_INET, SOCK_STREAM, 0)); }));
  CHECK(inside([] { return is_forbidden(::socket(AF_INET6, SOCK_DGRAM, 0)); }));
  CHECK(inside([] { return is_forbidden(::socket(AF_UNIX, SOCK_STREAM, 0)); }));
  CHECK(inside([&] { return is_forbidden(::connect(0, to, sizeof address)); }));
  CHECK(inside([&] { return is_forbidden(::sendto(0, "x", 1, 0, to, sizeof address)); }));
  CHECK(inside([] { return is_forbidden(::syscall(SYS_io_uring_setup, 1, nullptr)); }));
}

TEST_CASE("a worker opens, removes and renames no file", "[gateway]") {
  CHECK(inside([] { return is_forbidden(::open("/etc/passwd", O_RDONLY | O_CLOEXEC)); }));
  CHECK(inside([] { return is_forbidden(::open("/tmp/new", O_WRONLY | O_CREAT, 0600)); }));
  CHECK(inside([] { return is_forbidden(::syscall(SYS_openat2, AT_FDCWD, "/", nullptr, 0)); }));
  CHECK(inside([] { return is_forbidden(::unlink("/tmp/nothing")); }));
  CHECK(inside([] { return is_forbidden(::rename("/tmp/nothing", "/tmp/other")); }));
  CHECK(inside([] { return is_forbidden(::dup(0)); }));
}

TEST_CASE("a worker starts no program and no process, and traces none", "[gateway][promise-2]") {
  CHECK(inside([] { return is_forbidden(::execl("/bin/true", "true", nullptr)); }));
  CHECK(inside([] { return is_forbidden(::syscall(SYS_fork)); }));
  CHECK(inside([] { return is_forbidden(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }));
  CHECK(inside([] { return is_forbidden(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }));
  CHECK(inside([] { return is_forbidden(::kill(::getppid(), 0)); }));
  CHECK(inside([] { return executable_page() == MAP_FAILED; }));
}

TEST_CASE("a worker's limits and filter are what the kernel says they are",
          "[gateway][promise-2]") {
  const auto told = seen_from_outside();

  CHECK(told.contains("Seccomp:\t2"));
  CHECK(told.contains("NoNewPrivs:\t1"));
  CHECK(told.contains("Max open files            5 "));
  CHECK(told.contains("Max core file size        0 "));
  CHECK(told.contains("Max processes             0 "));
  CHECK(told.contains("Max file size             0 "));
  CHECK(inside([] { return is_forbidden(::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }));
}

TEST_CASE("a worker still talks over what it was given", "[gateway]") {
  CHECK(inside([] { return ::write(2, "", 0) == 0; }));
  CHECK(inside([] { return executable_page() == MAP_FAILED && ::malloc(1U << 20U) != nullptr; }));
}
