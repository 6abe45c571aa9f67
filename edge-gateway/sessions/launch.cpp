#include "edge-gateway/sessions/launch.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>

#include "base/log/log.h"

namespace sp::edge_gateway {
namespace {

constexpr int its_socket = 3, its_target = 4, first_of_ours = 5;
constexpr int goodbye_ms = 500;

/// A copy well above the numbers that the worker expects, so that moving one there hits no other.
Descriptor moved_up(int fd) {
  constexpr int above = 64;
  return Descriptor{::fcntl(fd, F_DUPFD_CLOEXEC, above)};
}

/// What posix_spawn does in the child before it becomes the worker.
class Orders {
 public:
  Orders() {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawnattr_init(&attributes_);
  }
  ~Orders() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Orders(const Orders&) = delete;
  Orders& operator=(const Orders&) = delete;

  bool fill(int socket, int target) {
    sigset_t none{};
    sigset_t all{};
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::sigdelset(&all, SIGXFSZ);  // ignored: a worker may write no file, not even a log that is one
    constexpr short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    return ::posix_spawn_file_actions_addopen(&files_, 0, "/dev/null", O_RDWR, 0) == 0 &&
           ::posix_spawn_file_actions_adddup2(&files_, 0, 1) == 0 &&
           ::posix_spawn_file_actions_adddup2(&files_, socket, its_socket) == 0 &&
           ::posix_spawn_file_actions_adddup2(&files_, target, its_target) == 0 &&
           ::posix_spawn_file_actions_addclosefrom_np(&files_, first_of_ours) == 0 &&
           ::posix_spawnattr_setsigmask(&attributes_, &none) == 0 &&
           ::posix_spawnattr_setsigdefault(&attributes_, &all) == 0 &&
           ::posix_spawnattr_setflags(&attributes_, flags) == 0;
  }
  [[nodiscard]] const posix_spawn_file_actions_t* files() const { return &files_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

Result<pid_t> spawn(const WorkerProgram& program, int socket, int target) {
  Orders orders;
  if (!orders.fill(socket, target)) return Error{Code::internal, "cannot prepare a worker"};
  std::string name = "sallyport-gateway";
  std::string command = program.command;
  const std::array<char*, 3> arguments{name.data(), command.data(), nullptr};
  const std::array<char*, 1> environment{nullptr};
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, program.path.c_str(), orders.files(), orders.attributes(),
                                   arguments.data(), environment.data());
  if (failed != 0)
    return Error{Code::unavailable, "cannot start a worker: error " + std::to_string(failed)};
  return pid;
}

/// True once the process is gone, which it is given `milliseconds` for.
bool ends_within(pid_t pid, int milliseconds) {
  const Descriptor process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  pollfd gone{process.fd(), POLLIN, 0};
  return process && ::poll(&gone, 1, milliseconds) == 1;
}

}  // namespace

Result<WorkerProcess> WorkerProcess::start(const WorkerProgram& program, const Descriptor& target) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return Error{Code::unavailable, "cannot make a worker's socket"};
  Descriptor ours{pair[0]};
  const Descriptor its{pair[1]};
  const auto high_socket = moved_up(its.fd());
  const auto high_target = moved_up(target.fd());
  if (!high_socket || !high_target)
    return Error{Code::unavailable, "too few descriptors for a worker"};
  const auto pid = TRY(spawn(program, high_socket.fd(), high_target.fd()));
  ::fcntl(ours.fd(), F_SETFL, O_NONBLOCK);
  return WorkerProcess{std::move(ours), pid};
}

WorkerProcess::~WorkerProcess() {
  if (pid_ < 0) return;
  socket_.close();
  if (!ends_within(pid_, goodbye_ms)) ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
    log::error("worker_died", {{"signal", WTERMSIG(status)}});
}

}  // namespace sp::edge_gateway
