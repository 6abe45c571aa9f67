#pragma once
// The writing half of a WebSocket, and what its guest may ask of the reading half.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/http/internal/loop.h"
#include "base/http/internal/transport.h"
#include "base/http/websocket.h"

namespace sp::http::internal {

class Connection;

class Channel final : public Socket, public std::enable_shared_from_this<Channel> {
 public:
  /// `connection` and `reader` until `detach`.
  Channel(Connection& connection, asio::io_context& io, SocketReader& reader,
          const SocketOptions& options);

  // From any thread.
  void send(SocketKind kind, BytesView data) override;
  [[nodiscard]] std::size_t queued() const override;
  void close(std::uint16_t code) override;
  void allow(std::size_t most_message) override;
  void hold() override { held_ = true; }
  void release() override;

  // On the connection's thread.
  void detach();
  /// Closes because of what the peer did; false when it is closing or there is nothing to say.
  bool refuse();
  void answer_close(std::uint16_t code);
  void answer_ping(BytesView data);
  void tick(Moment now);
  void heard() { heard_ = true; }
  /// Whether what arrives moves the deadline.
  [[nodiscard]] bool is_quiet_limited() const { return heard_ && !is_closing(); }
  [[nodiscard]] bool is_closing() const;
  [[nodiscard]] bool is_held() const { return held_ && !is_closing(); }
  [[nodiscard]] bool is_flushed() const { return broken_ || queued() == 0; }
  /// Until something changed: everything was written, reading goes on, or the end.
  asio::awaitable<void> change();
  void changed() {
    if (change_) change_->cancel();
  }

 private:
  void post_pump();
  void pump();
  bool take_next();
  void wait_for(Io io);
  void flushed();

  Connection* connection_;
  asio::io_context& io_;
  SocketReader& reader_;
  const SocketOptions options_;
  std::optional<asio::steady_timer> change_;  // gone with the loop, which a guest may outlive
  Moment next_ping_;
  std::string sending_;
  std::size_t sent_ = 0;  // of `sending_`
  bool waiting_ = false;
  bool heard_ = false;
  bool allowed_ = false;
  bool broken_ = false;
  std::atomic<bool> held_ = false;
  std::atomic<std::size_t> unsent_ = 0;  // of `sending_`

  mutable std::mutex mutex_;
  std::string out_;       // guarded by mutex_, as are those below
  bool posted_ = false;   // a pump is to come
  bool closing_ = false;  // the close frame is queued
  bool gone_ = false;
};

}  // namespace sp::http::internal
