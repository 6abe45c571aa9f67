#pragma once
// One connection, from its first byte to its last: a coroutine that reads, asks the handler,
// writes.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

#include "base/http/internal/channel.h"
#include "base/http/internal/exchange.h"
#include "base/http/internal/loop.h"
#include "base/http/internal/transport.h"
#include "base/http/parse.h"

namespace sp::http::internal {

class Connection {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  /// `key` was counted by the caller, and so was the connection; both are given back at the end.
  Connection(Loop& loop, Socket socket, std::string peer, std::optional<AddressCounter::Key> key,
             bool is_announced);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  asio::awaitable<void> run();

  /// Ends it when its deadline is over.
  void check_deadline(Moment now);
  /// Waits for a request that has not begun.
  [[nodiscard]] bool is_idle() const { return reading_head_ && in_.empty() && !ended_; }
  [[nodiscard]] bool is_reading_head() const { return reading_head_; }
  /// The server stops: ends it where nothing is under way, and tells a WebSocket.
  void leave();
  [[nodiscard]] Moment deadline() const { return deadline_; }
  /// Whatever it waits for.
  void end();

 private:
  friend class Channel;  // writes on this connection, and nothing else
  enum class Next : std::uint8_t { request, close, linger };
  struct Incoming {
    Head head;
    std::optional<Refusal> refusal;
  };

  asio::awaitable<Next> serve_one();
  asio::awaitable<std::optional<Incoming>> read_request();
  asio::awaitable<bool> read_head(Incoming& incoming);
  asio::awaitable<bool> read_body(Incoming& incoming, std::size_t limit);
  asio::awaitable<bool> read_fixed_body(const Head& head, std::string& body);
  asio::awaitable<bool> read_chunked_body(Incoming& incoming, std::size_t limit);
  asio::awaitable<Response> ask_handler(Request request);
  asio::awaitable<bool> send(Response response, const Head& head, bool is_head_request);
  asio::awaitable<bool> send_stream(Response& response, const Delimiting& delimiting);
  asio::awaitable<Result<std::optional<Bytes>>> next_piece(const Stream& stream);
  asio::awaitable<void> converse(const Response& response);
  asio::awaitable<void> read_messages(SocketReader& reader, SocketGuest& guest,
                                      std::chrono::milliseconds silence);
  bool take_message(SocketMessage message, SocketGuest& guest);
  asio::awaitable<bool> handshake();
  asio::awaitable<bool> read_announcement();
  asio::awaitable<void> linger();

  asio::awaitable<bool> receive(std::string& into, std::size_t most);
  asio::awaitable<bool> write(std::string_view data);
  asio::awaitable<bool> write_scratch();
  asio::awaitable<bool> ready(Io want);

  void allow(std::chrono::milliseconds time) { deadline_ = now() + time; }
  void allow_for(std::chrono::milliseconds time, std::uint64_t bytes);
  void allow_forever() { deadline_ = Moment::max(); }
  static Moment now() { return std::chrono::steady_clock::now(); }
  void drop_front(std::size_t size);

  Loop& loop_;
  Shared& shared_;
  Socket socket_;
  Transport transport_;
  std::string peer_;
  std::optional<AddressCounter::Key> key_;
  const bool is_announced_;  // a proxy's: says first for whom it is
  std::list<Connection*>::iterator place_;
  Moment deadline_ = Moment::max();
  std::string in_;                          // arrived and not yet used
  Exchange<Response>* exchange_ = nullptr;  // while the handler is asked
  std::shared_ptr<Channel> channel_;        // once it is a WebSocket
  bool reading_head_ = false;
  bool ended_ = false;
  bool used_ = false;   // a request was read
  unsigned burst_ = 0;  // reads since it last waited
};

}  // namespace sp::http::internal
