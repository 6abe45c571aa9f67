#pragma once
// What a handler gets and what it gives back.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"

namespace sp::http {

using Header = std::pair<std::string, std::string>;  ///< name as sent, value without outer spaces
using Headers = std::vector<Header>;

/// The value of the first header of that name, in any letter case.
std::optional<std::string_view> find(const Headers& headers, std::string_view name);

/// A whole request: nothing of it is to come. Everything in it is what a stranger sent.
struct Request {
  std::string method;  ///< "GET", as sent (methods are case-sensitive)
  std::string path;    ///< of the target, up to '?', not decoded; begins with '/'
  std::string query;   ///< after '?', not decoded; empty when there is none
  Headers headers;
  std::string body;  ///< wipe it (sp::wipe) when it held a secret
  std::string peer;  ///< IP address, without port
  bool tls = false;

  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
    return find(headers, name);
  }
  /// GET or HEAD.
  [[nodiscard]] bool only_reads() const { return method == "GET" || method == "HEAD"; }
};

/// The next piece of a body, nullopt at its end. Called on the server's blocking pool, never by two
/// threads at once, and not before the piece before it went out.
using Stream = std::function<Result<std::optional<Bytes>>()>;

struct SocketUpgrade;

/// An answer. Date, Content-Length, Transfer-Encoding and Connection are the server's business:
/// they must not stand in `headers`. The body is one of `body`, `shared_body` and `stream`; a HEAD
/// request gets the headers that the same answer to a GET would have.
struct Response {
  int status = 200;
  Headers headers;
  /// Header lines made once by `header_block`, for answers that are given often.
  std::shared_ptr<const std::string> shared_headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  ///< sent without a copy
  Stream stream;
  /// The exact size of what `stream` gives. Without it the body is sent chunked. A stream that
  /// fails or gives less cuts the connection, so that the client can tell.
  std::optional<std::uint64_t> content_length;
  /// The connection is a WebSocket from then on: accept_socket (websocket.h) makes such an answer.
  std::shared_ptr<const SocketUpgrade> socket;
};

/// "Name: value\r\n" for each. Aborts on a name or a value that HTTP forbids: these are ours.
std::shared_ptr<const std::string> header_block(const Headers& headers);

/// Gives the answer, once, now or later, from any thread. A Reply that is dropped uncalled answers
/// 500; a second call is ignored and logged.
using Reply = std::function<void(Response)>;
/// Called on an I/O thread: must not block.
using Handler = std::function<void(Request, Reply)>;

}  // namespace sp::http
