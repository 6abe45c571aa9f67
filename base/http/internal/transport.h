#pragma once
// One accepted socket, plain or under TLS, without blocking and without waiting. OpenSSL works on
// the socket itself: asio's ssl::stream would keep four 17 KiB buffers for every idle connection.

#include <openssl/ssl.h>

#include <string>
#include <string_view>

#include "base/http/proxy.h"
#include "base/openssl/handle.h"

namespace sp::http::internal {

enum class Io : std::uint8_t {
  done,
  want_read,   ///< try again once the socket can be read
  want_write,  ///< try again once it can be written
  closed,      ///< by the peer, or broken
};

class Transport {
 public:
  explicit Transport(int fd) : fd_(fd) {}  ///< the socket stays the caller's

  /// Appends a PROXY header to `header`, as much as is there and not a byte more, and parses it.
  /// `done`: see `parsed`. Before start_tls().
  Io read_proxy_header(std::string& header, Parsed<ProxyHeader>& parsed);
  /// From here on everything passes through `ssl`; handshake() first.
  bool start_tls(openssl::Ssl ssl);
  Io handshake();
  /// Appends what is there, at most `most` bytes and never more than one TLS record.
  Io read(std::string& into, std::size_t most);
  /// Bytes that the socket no longer has and read() has not given out.
  [[nodiscard]] bool has_pending() const;
  /// Takes what was written off the front of `from`.
  Io write(std::string_view& from);
  /// Tells the peer that no more comes (close_notify, FIN).
  void say_goodbye();
  /// Reads and forgets what still arrives, below TLS. `done` when there may be more later.
  Io discard(std::size_t& bytes);

 private:
  Io outcome(int result);

  int fd_;
  openssl::Ssl ssl_;
};

}  // namespace sp::http::internal
