#pragma once
// One WebSocket: its first message opens a session or is refused, what follows is the session's.

#include <memory>
#include <mutex>
#include <string>

#include "base/http/websocket.h"
#include "edge-gateway/door/door.h"

namespace sp::edge_gateway {

class Visit final : public http::SocketGuest, public std::enable_shared_from_this<Visit> {
 public:
  /// `source` is an address; `is_ours` says that the page's origin is.
  Visit(Door& door, std::string source, bool is_ours)
      : door_(&door), source_(std::move(source)), is_ours_(is_ours) {}

  void opened(std::shared_ptr<http::Socket> socket) override;
  void message(http::SocketMessage message) override;
  void closed() override;

 private:
  void open(const http::SocketMessage& message);
  void open(WithTicket opening);
  void open(const WithResume& opening);
  void begin(Redeemed redeemed, const WithTicket& opening, std::shared_ptr<Roster::Place> place);
  void refuse(std::string_view reason);
  void hand_over(std::shared_ptr<Session> session);
  [[nodiscard]] std::shared_ptr<Session> session();
  [[nodiscard]] PageLink link(const WindowSize& window) const { return {socket_, source_, window}; }

  Door* door_;
  const std::string source_;
  const bool is_ours_;
  std::shared_ptr<http::Socket> socket_;
  bool spoke_ = false;  // on the socket's thread, as is `socket_`'s change

  std::mutex mutex_;
  std::shared_ptr<Session> session_;  // guarded by mutex_
  bool gone_ = false;                 // likewise
};

}  // namespace sp::edge_gateway
