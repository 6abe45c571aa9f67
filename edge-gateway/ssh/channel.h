#pragma once
// A channel of a session (RFC 4254): what it is for is asked step by step, then bytes go both ways.
#include <libssh/callbacks.h>

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes/bytes.h"
#include "edge-gateway/ssh/handle.h"

namespace sp::edge_gateway {

/// One question to the host, in libssh's way: SSH_OK, SSH_AGAIN, or an error. What is `optional`
/// may be refused.
struct ChannelStep {
  std::function<int(ssh_channel)> ask;
  bool optional = false;
};

/// Never blocks. Does not outlive its session.
class Channel {
 public:
  Channel(ssh_session session, std::vector<ChannelStep> steps);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  Progress open();
  /// How many bytes it put there; 0 when there are none now. What is not read stays with the host,
  /// by the channel's window.
  std::size_t read(std::span<std::byte> into);
  /// How many bytes were taken: none while the host's window is full. Nothing when the channel is
  /// of no more use.
  std::optional<std::size_t> write(BytesView bytes);
  void resize(std::uint32_t columns, std::uint32_t rows);

  /// Nothing to be read now.
  [[nodiscard]] bool empty() const;
  [[nodiscard]] bool ended() const { return ended_; }    ///< nothing more will come
  [[nodiscard]] bool closed() const { return closed_; }  ///< and the host has let it go
  [[nodiscard]] std::optional<std::uint32_t> exit() const { return exit_; }

 private:
  ssh_session session_;
  SshChannel channel_;
  std::vector<ChannelStep> steps_;
  std::size_t step_ = 0;
  ssh_channel_callbacks_struct callbacks_{};
  bool ended_ = false;
  bool closed_ = false;
  std::optional<std::uint32_t> exit_;
};

/// A shell in a terminal.
std::vector<ChannelStep> terminal_steps(std::string term, std::uint32_t columns,
                                        std::uint32_t rows);
std::vector<ChannelStep> sftp_steps();

}  // namespace sp::edge_gateway
