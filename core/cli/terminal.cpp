#include "core/cli/terminal.h"

#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace sp::cli {
namespace {

constexpr int most_cells = 1000;

::sigset_t window_signal() {
  ::sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGWINCH);
  return set;
}

}  // namespace

Result<std::unique_ptr<RawTerminal>> RawTerminal::open() {
  ::termios before{};
  if (::isatty(STDOUT_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &before) != 0)
    return Error{Code::invalid_input, "a session needs a terminal"};
  const auto set = window_signal();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  const int resized = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  auto raw = before;
  ::cfmakeraw(&raw);
  if (resized < 0 || ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) != 0)
    return Error{Code::internal, "the terminal cannot be made raw"};
  return std::unique_ptr<RawTerminal>{new RawTerminal{before, resized}};
}

RawTerminal::~RawTerminal() {
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  ::close(resized_);
}

WindowSize RawTerminal::size() const {
  ::winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {std::clamp<int>(size.ws_col, 1, most_cells), std::clamp<int>(size.ws_row, 1, most_cells)};
}

void RawTerminal::settled() {
  ::signalfd_siginfo told{};
  while (::read(resized_, &told, sizeof told) > 0) {
  }
}

}  // namespace sp::cli
