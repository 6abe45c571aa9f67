#include "certs/acme/hook.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

extern char** environ;  // NOLINT: POSIX's own

namespace sp::acme {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// Its own process group, so that it can be ended with its children; standard output is for our
// data, so its own goes to standard error.
Result<::pid_t> spawn(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const auto& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  ::posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  ::posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::pid_t pid = -1;
  const int problem =
      ::posix_spawn(&pid, arguments[0], &files, &attributes, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  if (problem != 0)
    return Error{Code::invalid_input,
                 "cannot run the hook " + command[0] + ": " + std::strerror(problem)};
  return pid;
}

/// Whether it ended within `patience`.
bool ends_within(::pid_t pid, Duration patience) {
  const Descriptor process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  if (process.get() < 0) return true;  // a kernel before 5.3: waited for without a limit
  ::pollfd state{process.get(), POLLIN, 0};
  const auto until = std::chrono::steady_clock::now() + patience;
  while (true) {
    const auto left = std::chrono::ceil<Duration>(until - std::chrono::steady_clock::now());
    const int count = ::poll(&state, 1, static_cast<int>(std::max<Duration::rep>(left.count(), 0)));
    if (count == 1) return true;
    if (count == 0 || errno != EINTR) return false;
  }
}

Outcome run(const std::vector<std::string>& command, Duration patience) {
  const auto pid = TRY(spawn(command));
  const bool ended = ends_within(pid, patience);
  if (!ended) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!ended)
    return Error{Code::unavailable,
                 "the hook " + command[0] + " did not end within " + to_text(patience)};
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Error{Code::unavailable, "the hook " + command[0] + " " + command[1] + " ended with " +
                                      (WIFEXITED(status) ? std::to_string(WEXITSTATUS(status))
                                                         : std::string{"a signal"})};
}

class Hook final : public ChallengeSolver {
 public:
  Hook(ChallengeKind kind, HookOptions options) : kind_(kind), options_(std::move(options)) {}
  [[nodiscard]] ChallengeKind kind() const override { return kind_; }
  Outcome present(const Challenge& challenge) override { return call("present", challenge); }
  Outcome remove(const Challenge& challenge) override { return call("cleanup", challenge); }

 private:
  Outcome call(const char* verb, const Challenge& challenge) const {
    if (kind_ == ChallengeKind::dns_01)
      return run({options_.program.string(), verb, challenge.record_name(), challenge.record()},
                 options_.patience);
    return run({options_.program.string(), verb, challenge.domain, challenge.token,
                challenge.key_authorization},
               options_.patience);
  }
  ChallengeKind kind_;
  HookOptions options_;
};

}  // namespace

std::unique_ptr<ChallengeSolver> hook(ChallengeKind kind, HookOptions options) {
  return std::make_unique<Hook>(kind, std::move(options));
}

}  // namespace sp::acme
