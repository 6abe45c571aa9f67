#pragma once
// Owning pointers for libssh's objects. A channel is gone before its session.
#include <libssh/libssh.h>

#include <memory>

namespace sp::edge_gateway {

template <auto Free>
struct SshFreer {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using SshSession = std::unique_ptr<ssh_session_struct, SshFreer<::ssh_free>>;
using SshChannel = std::unique_ptr<ssh_channel_struct, SshFreer<::ssh_channel_free>>;
using SshKey = std::unique_ptr<ssh_key_struct, SshFreer<::ssh_key_free>>;
using SshEvent = std::unique_ptr<ssh_event_struct, SshFreer<::ssh_event_free>>;
using SshText = std::unique_ptr<char, SshFreer<::ssh_string_free_char>>;

/// How far a step that may have to wait for the host got.
enum class Progress : std::uint8_t {
  waits,    ///< call it again when something came
  done,     ///< it is as it should be
  refused,  ///< the host does not want it
  lost,     ///< the connection is of no more use
};

}  // namespace sp::edge_gateway
