#include "base/http/internal/listener.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <sys/socket.h>

#include <charconv>

#include "base/http/internal/connection.h"
#include "base/http/proxy.h"
#include "base/log/log.h"

namespace sp::http::internal {
namespace {

using boost::system::error_code;
constexpr std::chrono::milliseconds sweep_interval{100};
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

std::string text_of(const Endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  const auto port = ":" + std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]" + port : address + port;
}

std::string_view advice(const error_code& error) {
  if (error == asio::error::address_in_use)
    return "another program listens there; stop it or choose another port";
  if (error == asio::error::access_denied)
    return "ports below 1024 need root or CAP_NET_BIND_SERVICE";
  if (error == error_code{EADDRNOTAVAIL, boost::system::system_category()})
    return "this machine does not have that address";
  return "see the system's log";
}

Error failure(const Endpoint& endpoint, const error_code& error) {
  return Error{Code::unavailable, "cannot listen on " + text_of(endpoint) + ": " + error.message() +
                                      "; " + std::string{advice(error)}};
}

error_code bind(asio::ip::tcp::acceptor& acceptor, const Endpoint& endpoint, bool shared) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error && shared) acceptor.set_option(ReusePort{true}, error);
  // Accepted sockets inherit it.
  if (!error) acceptor.set_option(asio::ip::tcp::no_delay{true}, error);
  if (!error && endpoint.address().is_v6() && endpoint.address().is_unspecified())
    acceptor.set_option(asio::ip::v6_only{false}, error);
  if (!error) acceptor.bind(endpoint, error);
  return error;
}

asio::awaitable<void> serve(std::shared_ptr<Connection> connection) {
  co_await connection->run();
}

void note_failure(const std::exception_ptr& failure) {
  if (failure == nullptr) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& cause) {
    log::error("http_connection_failed", {{"cause", cause.what()}});
  }
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto wrong =
      Error{Code::invalid_input, "not an address to listen on: " + log::escaped(text) +
                                     "; write it as 127.0.0.1:8443, 0.0.0.0:443 or [::]:443"};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  auto host = text.substr(0, colon);
  const auto port_text = text.substr(colon + 1);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto [end, bad_port] =
      std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  error_code bad_address;
  const auto address = asio::ip::make_address(std::string{host}, bad_address);
  if (bad_port != std::errc{} || end != port_text.data() + port_text.size() || bad_address)
    return wrong;
  if (address.is_v6() != bracketed) return wrong;
  return Endpoint{address, port};
}

Result<Endpoint> claim(Endpoint endpoint) {
  asio::io_context io;
  asio::ip::tcp::acceptor probe{io};
  error_code error = bind(probe, endpoint, false);
  if (!error) endpoint = probe.local_endpoint(error);
  if (error) return failure(endpoint, error);
  return endpoint;
}

Outcome Listener::open(const Endpoint& endpoint) {
  auto error = bind(acceptor_, endpoint, true);
  if (!error) acceptor_.listen(4096, error);
  if (error) return failure(endpoint, error);
  return {};
}

asio::awaitable<void> Listener::run() {
  while (acceptor_.is_open()) {
    Endpoint from;
    auto [error, socket] =
        co_await acceptor_.async_accept(loop_.io, from, asio::as_tuple(asio::use_awaitable));
    if (!acceptor_.is_open()) co_return;
    if (!error) {
      admit(std::move(socket), from.address());
      continue;
    }
    if (error == asio::error::connection_aborted) continue;
    log::error("http_accept_failed", {{"cause", error.message()}});
    pause_.expires_after(std::chrono::milliseconds{200});  // out of descriptors: let some go
    co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

/// Ends the connection of this thread that has been idle longest, in favour of one that comes.
bool Listener::make_room() {
  Connection* oldest = nullptr;
  for (auto* connection : loop_.connections)
    if (connection->is_idle() && (oldest == nullptr || connection->deadline() < oldest->deadline()))
      oldest = connection;
  if (oldest != nullptr) oldest->end();
  return oldest != nullptr;
}

void Listener::admit(asio::ip::tcp::socket socket, const asio::ip::address& address) {
  auto& shared = loop_.shared;
  const auto& limits = shared.options.limits;
  // The connection that makes room leaves a moment after the new one came.
  const auto with_leaving = limits.connections + 64;
  auto peer = usual_address(address.to_string()).value_or(address.to_string());
  const bool is_proxy = shared.is_proxy(peer);
  std::optional<AddressCounter::Key> key;
  if (!is_proxy) {
    const auto added = shared.add(address);
    if (!added) {
      count(shared.tally.refused);
      return;
    }
    key = *added;
  }
  if (!shared.open.add(limits.connections) && !(make_room() && shared.open.add(with_leaving))) {
    if (key) shared.addresses.remove(*key);
    count(shared.tally.refused);
    return;
  }
  count(shared.tally.accepted);
  auto connection = std::make_shared<Connection>(loop_, std::move(socket), std::move(peer), key,
                                                 is_proxy && shared.options.proxy_protocol);
  keep_sweeping(loop_);
  asio::co_spawn(loop_.io, serve(std::move(connection)), note_failure);
}

void keep_sweeping(Loop& loop) {
  if (loop.sweeping || loop.connections.empty()) return;
  loop.sweeping = true;
  loop.sweep.expires_after(sweep_interval);
  loop.sweep.async_wait([&loop](const error_code& error) {
    loop.sweeping = false;
    if (error) return;
    const auto now = std::chrono::steady_clock::now();
    for (auto* connection : loop.connections) connection->check_deadline(now);
    keep_sweeping(loop);
  });
}

}  // namespace sp::http::internal
