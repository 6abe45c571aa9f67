#include "certs/trust/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sstream>

extern char** environ;  // NOLINT: POSIX names it so

namespace sp::certs {
namespace {

constexpr std::chrono::seconds longest{120};
constexpr std::size_t most_said = 1 << 16;

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close(); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

class Actions {
 public:
  Actions() { ::posix_spawn_file_actions_init(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }
  ::posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  ::posix_spawn_file_actions_t actions_{};
};

/// Everything that comes until the other end is closed; false when the time is over.
bool read_all(const Fd& from, std::string& out) {
  const auto end = std::chrono::steady_clock::now() + longest;
  std::array<char, 4096> buffer{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    ::pollfd wait{from.get(), POLLIN, 0};
    const int ready = left.count() > 0 ? ::poll(&wait, 1, static_cast<int>(left.count())) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const auto count = ::read(from.get(), buffer.data(), buffer.size());
    if (count <= 0) return true;
    if (out.size() < most_said) out.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

bool is_installed(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream folders{path == nullptr ? "/usr/sbin:/usr/bin:/sbin:/bin" : path};
  for (std::string folder; std::getline(folders, folder, ':');)
    if (::access((folder + "/" + name).c_str(), X_OK) == 0) return true;
  return false;
}

Result<Ran> run_program(const std::vector<std::string>& command) {
  const auto& name = command.front();
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Error{Code::unavailable, "cannot make a pipe"};
  const Fd out{ends[0]};
  Fd in{ends[1]};
  Actions actions;
  ::posix_spawn_file_actions_addopen(actions.get(), 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(actions.get(), in.get(), 1);
  ::posix_spawn_file_actions_adddup2(actions.get(), in.get(), 2);
  std::vector<char*> arguments;
  for (const auto& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  ::pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, name.c_str(), actions.get(), nullptr, arguments.data(), environ);
  in.close();
  if (failed != 0)
    return Error{failed == ENOENT ? Code::not_found : Code::unavailable, name + " cannot be run"};
  Ran ran;
  const bool in_time = read_all(out, ran.said);
  if (!in_time) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time) return Error{Code::unavailable, name + " did not end within two minutes"};
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  return ran;
}

}  // namespace sp::certs
