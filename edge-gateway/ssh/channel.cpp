#include "edge-gateway/ssh/channel.h"

#include <algorithm>

namespace sp::edge_gateway {
namespace {

constexpr std::size_t most_at_once = 32U << 10U;

Channel& of(void* user) {
  return *static_cast<Channel*>(user);
}

}  // namespace

Channel::Channel(ssh_session session, std::vector<ChannelStep> steps)
    : session_(session), channel_(::ssh_channel_new(session)), steps_(std::move(steps)) {
  ssh_callbacks_init(&callbacks_);
  callbacks_.userdata = this;
  callbacks_.channel_eof_function = [](ssh_session, ssh_channel, void* user) {
    of(user).ended_ = true;
  };
  callbacks_.channel_close_function = [](ssh_session, ssh_channel, void* user) {
    of(user).ended_ = of(user).closed_ = true;
  };
  callbacks_.channel_exit_status_function = [](ssh_session, ssh_channel, int status, void* user) {
    of(user).exit_ = static_cast<std::uint32_t>(status);
  };
  if (channel_) ::ssh_set_channel_callbacks(channel_.get(), &callbacks_);
}

Channel::~Channel() {
  if (channel_) ::ssh_remove_channel_callbacks(channel_.get(), &callbacks_);
}

Progress Channel::open() {
  if (!channel_) return Progress::lost;
  for (; step_ < steps_.size(); ++step_) {
    const int answer = steps_[step_].ask(channel_.get());
    if (answer == SSH_AGAIN) return Progress::waits;
    if (::ssh_is_connected(session_) == 0) return Progress::lost;
    if (answer != SSH_OK && !steps_[step_].optional) return Progress::refused;
  }
  return Progress::done;
}

std::size_t Channel::read(std::span<std::byte> into) {
  for (const int stream : {0, 1}) {
    const int got = ::ssh_channel_read_nonblocking(channel_.get(), into.data(),
                                                   static_cast<std::uint32_t>(into.size()), stream);
    if (got > 0) return static_cast<std::size_t>(got);
  }
  return 0;
}

std::optional<std::size_t> Channel::write(BytesView bytes) {
  if (closed_ || ::ssh_is_connected(session_) == 0) return std::nullopt;
  const auto size = static_cast<std::uint32_t>(std::min(bytes.size(), most_at_once));
  const int taken = ::ssh_channel_write(channel_.get(), bytes.data(), size);
  return taken > 0 ? static_cast<std::size_t>(taken) : 0;
}

bool Channel::empty() const {
  return ::ssh_channel_poll(channel_.get(), 0) <= 0 && ::ssh_channel_poll(channel_.get(), 1) <= 0;
}

void Channel::resize(std::uint32_t columns, std::uint32_t rows) {
  ::ssh_channel_change_pty_size(channel_.get(), static_cast<int>(columns), static_cast<int>(rows));
}

std::vector<ChannelStep> terminal_steps(std::string term, std::uint32_t columns,
                                        std::uint32_t rows) {
  return {
      {::ssh_channel_open_session},
      {[term = std::move(term), columns, rows](ssh_channel channel) {
        return ::ssh_channel_request_pty_size(channel, term.c_str(), static_cast<int>(columns),
                                              static_cast<int>(rows));
      }},
      // The environment's allow-list: the page speaks UTF-8. Most hosts take LANG (AcceptEnv).
      {[](ssh_channel channel) { return ::ssh_channel_request_env(channel, "LANG", "C.UTF-8"); },
       true},
      {::ssh_channel_request_shell},
  };
}

std::vector<ChannelStep> sftp_steps() {
  return {{::ssh_channel_open_session}, {::ssh_channel_request_sftp}};
}

}  // namespace sp::edge_gateway
