#pragma once
// An HTTP/1.1 server for ports that anybody can reach.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/message.h"
#include "base/result/result.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace sp::http {

/// What a stranger may take. Deadlines are absolute: a byte that arrives does not move them.
struct Limits {
  std::size_t connections = 10'000;           ///< in all; more are closed at once
  std::size_t connections_per_address = 256;  ///< an IPv6 address counts as its /64
  bool exempt_loopback = true;                ///< from connections_per_address
  std::size_t header_bytes = 16 * 1024;       ///< request line and headers; 431 beyond
  std::size_t body_bytes = 64 * 1024;  ///< where Options::body_limit does not say; 413 beyond
  std::chrono::milliseconds header_time{
      10'000};                                  ///< PROXY, handshake, header, from the first moment
  std::chrono::milliseconds body_time{30'000};  ///< for the body, and its size over `slowest`
  std::chrono::milliseconds write_time{30'000};  ///< for an answer, or each piece of a stream
  std::chrono::milliseconds idle_time{60'000};   ///< between requests of one connection
  std::chrono::milliseconds stop_time{10'000};   ///< for running requests when the server stops
  std::uint64_t slowest = 16 * 1024;             ///< bytes per second that large bodies must reach
};

struct Options {
  std::string listen;               ///< "127.0.0.1:8443", "[::]:443"; port 0 takes a free one
  std::shared_ptr<ssl_ctx_st> tls;  ///< from base/tls; null: plain HTTP
  Limits limits;
  /// Addresses of reverse proxies, as usual_address writes them. They are exempt from
  /// connections_per_address, since they bring the connections of others.
  std::vector<std::string> proxies;
  /// What those connect begins with a PROXY header (proxy.h), before TLS and within header_time,
  /// and ends at once without; its source is the peer from then on, and counts for
  /// connections_per_address. Who is not among `proxies` is served without, and believed nothing.
  bool proxy_protocol = false;
  unsigned io_threads = 0;        ///< 0: one for each core
  unsigned blocking_threads = 2;  ///< run the streams
  /// The most that the body of this request may have, in bytes, asked before its first byte is
  /// read; `path` without the query. Runs on I/O threads.
  std::function<std::size_t(std::string_view method, std::string_view path)> body_limit;
};

/// Since the start. For metrics.
struct Counters {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;  ///< over a cap
  std::uint64_t handshakes_failed = 0;    ///< PROXY headers too
  std::uint64_t requests = 0;             ///< that reached the handler
  std::uint64_t requests_refused = 0;     ///< malformed or too large
  std::uint64_t deadlines_missed = 0;     ///< slow headers, bodies, readers
};

class Server {
 public:
  /// Listens and serves from then on. Fails with a sentence that names the address when it is
  /// taken, not ours or not allowed.
  static Result<std::unique_ptr<Server>> start(Options options, Handler handler);
  ~Server();  ///< stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Takes no more connections, ends idle ones, lets running requests finish within
  /// Limits::stop_time, and returns when the threads are gone. Once; never from a handler.
  void stop();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] Counters counters() const;

 private:
  class Engine;
  explicit Server(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace sp::http
