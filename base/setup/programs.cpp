#include "base/setup/programs.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace sp::setup {
namespace {

constexpr std::size_t most_output = std::size_t{64} << 10;
constexpr int cannot_start = 127;

// Of a child: never returns.
[[noreturn]] void become(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    static_cast<void>(std::signal(number, SIG_DFL));
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(cannot_start);
}

// The child has our handlers until it is another program: no signal may come to it before.
::pid_t fork_quietly() {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto process = ::fork();
  if (process != 0) ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return process;
}

void read_nothing() {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
}

int status_of(int waited) {
  return WIFEXITED(waited) ? WEXITSTATUS(waited) : 128 + WTERMSIG(waited);
}

std::string all_of(int pipe) {
  std::string out;
  std::array<char, 4096> buffer{};
  while (true) {
    const auto got = ::read(pipe, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return out;
    if (out.size() < most_output) out.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

int wait_for(::pid_t process) {
  int waited = 0;
  while (::waitpid(process, &waited, 0) < 0 && errno == EINTR) {
  }
  return status_of(waited);
}

}  // namespace

Result<AsOwner> AsOwner::of(const std::filesystem::path& folder) {
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0)
    return Error{Code::not_found, "there is no folder " + folder.string()};
  if (::geteuid() != 0 || found.st_uid == 0) return AsOwner{false};
  if (::setgroups(0, nullptr) != 0 || ::setegid(found.st_gid) != 0 || ::seteuid(found.st_uid) != 0)
    return Error{Code::forbidden, "cannot act as the owner of " + folder.string()};
  return AsOwner{true};
}
AsOwner::AsOwner(AsOwner&& other) noexcept : changed_(std::exchange(other.changed_, false)) {}
AsOwner::~AsOwner() {
  if (!changed_) return;
  // Back to root. A process that cannot is of no further use.
  if (::seteuid(0) != 0 || ::setegid(0) != 0) ::_exit(cannot_start);
}

std::string myself() {
  std::error_code failure;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", failure);
  return failure ? std::string{} : path.string();
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

Outcome make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  if (std::filesystem::is_directory(folder, failure)) return {};
  std::filesystem::create_directories(folder, failure);
  if (failure)
    return Error{Code::unavailable, "cannot make the folder " + folder.string() +
                                        "; run this as root, or say --data FOLDER"};
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failure);
  return {};
}

std::string sibling(const std::string& name) {
  const auto beside = std::filesystem::path{myself()}.parent_path() / name;
  return ::access(beside.c_str(), X_OK) == 0 ? beside.string() : name;
}

Result<Ran> run(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Error{Code::unavailable, "no pipe to be had"};
  const auto process = fork_quietly();
  if (process == 0) {
    read_nothing();
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    become(command);
  }
  ::close(ends[1]);
  if (process < 0) {
    ::close(ends[0]);
    return Error{Code::unavailable, "no process to be had for " + command.front()};
  }
  Ran ran;
  ran.output = all_of(ends[0]);
  ::close(ends[0]);
  ran.status = wait_for(process);
  if (ran.status == cannot_start)
    return Error{Code::unavailable, "cannot run " + command.front() + "; is it installed?"};
  return ran;
}

Outcome run_on_terminal(const std::vector<std::string>& command) {
  const auto process = fork_quietly();
  if (process == 0) become(command);
  if (process < 0) return Error{Code::unavailable, "no process to be had for " + command.front()};
  const int status = wait_for(process);
  if (status == cannot_start)
    return Error{Code::unavailable, "cannot run " + command.front() + "; is it installed?"};
  if (status != 0)
    return Error{Code::unavailable, command.front() + " ended with " + std::to_string(status)};
  return {};
}

std::vector<std::string> as_owner_of(const std::filesystem::path& folder,
                                     std::vector<std::string> command) {
  struct stat found {};
  if (::geteuid() != 0 || ::stat(folder.c_str(), &found) != 0 || found.st_uid == 0) return command;
  std::vector<std::string> out{"setpriv",
                               "--reuid=" + std::to_string(found.st_uid),
                               "--regid=" + std::to_string(found.st_gid),
                               "--clear-groups",
                               "--inh-caps=-all,+net_bind_service",
                               "--ambient-caps=-all,+net_bind_service",
                               "--"};
  out.insert(out.end(), command.begin(), command.end());
  return out;
}

Result<Background> Background::start(const std::vector<std::string>& command) {
  const int output = ::memfd_create("said", MFD_CLOEXEC);
  const auto process = output < 0 ? -1 : fork_quietly();
  if (process == 0) {
    read_nothing();
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    become(command);
  }
  Background started{process, output};
  if (process < 0) return Error{Code::unavailable, "no process to be had for " + command.front()};
  return started;
}
Background::Background(Background&& other) noexcept
    : process_(std::exchange(other.process_, -1)), output_(std::exchange(other.output_, -1)) {}
Background::~Background() {
  if (process_ > 0) {
    ::kill(process_, SIGTERM);
    wait_for(process_);
  }
  if (output_ >= 0) ::close(output_);
}
std::string Background::said() const {
  std::string out(most_output, '\0');
  const auto got = ::pread(output_, out.data(), out.size(), 0);
  out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return out;
}
bool Background::running() {
  if (process_ <= 0) return false;
  int waited = 0;
  const auto ended = ::waitpid(process_, &waited, WNOHANG);
  if (ended == 0) return true;
  process_ = -1;
  return false;
}

bool has_service_manager() {
  std::error_code ignored;
  return std::filesystem::is_directory("/run/systemd/system", ignored);
}

}  // namespace sp::setup
