#pragma once
#include "edge-gateway/worker/frames.h"

namespace sp::edge_gateway {

/// The worker's end of the socket to its parent. Never blocks.
class Parent {
 public:
  explicit Parent(int socket) : socket_(socket) {}

  /// Takes what is there. False when the parent is gone.
  bool receive();
  /// The next frame of what was received; fails as FrameReader does.
  Result<std::optional<Frame>> next() { return reader_.next(); }

  void say(FrameKind kind, BytesView body = {});
  void say(FrameKind kind, const Part& part);
  /// Sends what the socket takes. False when the parent is gone.
  bool send();
  /// Sends the rest, for as long as a parent that reads would need.
  void flush();

  [[nodiscard]] std::size_t waiting() const { return out_.size() - sent_; }
  /// Enough is under way: what can wait is not read from the host.
  [[nodiscard]] bool full() const { return waiting() >= most_waiting; }
  [[nodiscard]] int socket() const { return socket_; }

 private:
  static constexpr std::size_t most_waiting = 256U << 10U;

  void forget_sent();

  int socket_;
  FrameReader reader_;
  Bytes out_;
  std::size_t sent_ = 0;
};

}  // namespace sp::edge_gateway
