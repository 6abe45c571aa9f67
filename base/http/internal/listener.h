#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>

#include "base/http/internal/loop.h"
#include "base/result/result.h"

namespace sp::http::internal {

namespace asio = boost::asio;
using Endpoint = asio::ip::tcp::endpoint;

/// "127.0.0.1:8443", "[::1]:443". Addresses only: what a name means may change.
Result<Endpoint> parse_endpoint(std::string_view text);
/// The same with a free port instead of 0, after making sure that nobody listens there: with
/// SO_REUSEPORT a second server of ours would silently share the port.
Result<Endpoint> claim(Endpoint endpoint);

/// Accepts for one loop. Everything on the loop's thread, but `open`.
class Listener {
 public:
  explicit Listener(Loop& loop) : loop_(loop), acceptor_(loop.io), pause_(loop.io) {}
  Outcome open(const Endpoint& endpoint);
  asio::awaitable<void> run();
  void close();

 private:
  void admit(asio::ip::tcp::socket socket, const asio::ip::address& address);
  bool make_room();

  Loop& loop_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer pause_;
};

/// Ends connections that are over their deadline, as long as there are any.
void keep_sweeping(Loop& loop);

}  // namespace sp::http::internal
