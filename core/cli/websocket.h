#pragma once
// The client's end of a WebSocket (RFC 6455) over TLS, for `sallyport connect`. No extensions.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/random/random.h"
#include "base/result/result.h"

namespace sp::cli {

enum class FrameKind : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// A whole message of the server.
struct Message {
  FrameKind kind = FrameKind::text;
  std::string data;
  int code = 0;  ///< of a close
};

/// Takes what a server sends apart: frames without a mask, fragments joined. `corrupt` for anything
/// else.
class FrameReader {
 public:
  static constexpr std::size_t most_message = std::size_t{1} << 20;
  void add(std::string_view bytes) { input_ += bytes; }
  Result<std::optional<Message>> next();

 private:
  std::string input_, joined_;
  std::optional<FrameKind> joining_;
};
/// A frame as a client sends it: whole and masked.
std::string client_frame(FrameKind kind, std::string_view data, Random& random);

struct WebSocketTo {
  std::string host;
  int port = 443;
  std::string path, origin, protocol;
  std::string ca_file;  ///< empty: the system's authorities
};

/// Single-threaded. Reading never waits; writing does, for a short while.
class WebSocket {
 public:
  /// `unavailable` when nobody answers, or not as a WebSocket of that protocol; `forbidden` for a
  /// certificate that is not trusted.
  static Result<WebSocket> open(const WebSocketTo& to, Random& random);
  WebSocket(WebSocket&&) noexcept;
  ~WebSocket();

  Outcome send(FrameKind kind, std::string_view data);
  /// What has come; nothing for now. `unavailable` once the connection is gone.
  Result<std::optional<Message>> receive();
  /// To wait for; but call `receive` until it gives nothing first.
  [[nodiscard]] int descriptor() const;

 private:
  struct Connection;
  explicit WebSocket(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace sp::cli
