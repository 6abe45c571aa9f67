#include "core/cli/websocket.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/sha.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/bytes/bytes.h"
#include "base/tls/client.h"

namespace sp::cli {
namespace {

constexpr int patience_ms = 10'000;
constexpr std::size_t most_head = std::size_t{16} << 10;
// RFC 6455 section 1.3.
constexpr std::string_view accept_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

struct Descriptor {
  int fd = -1;
  Descriptor() = default;
  explicit Descriptor(int of) : fd(of) {}
  Descriptor(Descriptor&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd, other.fd);
    return *this;
  }
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

Error away(const WebSocketTo& to, std::string_view why) {
  return Error{Code::unavailable,
               to.host + ":" + std::to_string(to.port) + ": " + std::string{why}};
}

bool wait_for(int fd, short what) {
  ::pollfd state{fd, what, 0};
  return ::poll(&state, 1, patience_ms) == 1;
}

bool is_connected(int fd) {
  int problem = 0;
  ::socklen_t size = sizeof problem;
  return wait_for(fd, POLLOUT) && ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 &&
         problem == 0;
}

// Each address in turn.
Result<Descriptor> dial(const WebSocketTo& to) {
  ::addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &found) != 0)
    return away(to, "the name is not known");
  const std::unique_ptr<::addrinfo, decltype(&::freeaddrinfo)> all{found, ::freeaddrinfo};
  for (const auto* one = found; one != nullptr; one = one->ai_next) {
    Descriptor socket{::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (socket.fd < 0) continue;
    const int begun = ::connect(socket.fd, one->ai_addr, one->ai_addrlen);
    if (begun != 0 && errno != EINPROGRESS) continue;
    if (!is_connected(socket.fd)) continue;
    const int on = 1;
    ::setsockopt(socket.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
  }
  return away(to, "no answer");
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string accept_of(const std::string& key) {
  const auto joined = key + std::string{accept_suffix};
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  ::SHA1(reinterpret_cast<const unsigned char*>(joined.data()), joined.size(), digest.data());
  return bytes::base64(std::as_bytes(std::span{digest}));
}

// Section 4.1, what a client must check.
bool is_accepted(std::string head, const std::string& key, const std::string& protocol) {
  const auto first = head.substr(0, head.find("\r\n"));
  if (!first.starts_with("HTTP/1.1 101")) return false;
  const auto has = [&](const std::string& name, const std::string& value) {
    const auto at = lower(head).find("\r\n" + lower(name) + ":");
    if (at == std::string::npos) return false;
    auto found = head.substr(head.find(':', at + 2) + 1);
    found = found.substr(0, found.find("\r\n"));
    found.erase(0, found.find_first_not_of(" \t"));
    while (found.ends_with(' ')) found.pop_back();
    return found == value;
  };
  return has("Sec-WebSocket-Accept", accept_of(key)) && has("Sec-WebSocket-Protocol", protocol);
}

}  // namespace

struct WebSocket::Connection {
  Descriptor socket;
  openssl::SslCtx context;
  openssl::Ssl ssl;
  FrameReader reader;
  Random& random;

  /// Waits for what TLS wants next; false when it fails or nothing happens.
  bool again(int result) {
    const int why = ::SSL_get_error(ssl.get(), result);
    if (why == SSL_ERROR_WANT_READ) return wait_for(socket.fd, POLLIN);
    if (why == SSL_ERROR_WANT_WRITE) return wait_for(socket.fd, POLLOUT);
    return false;
  }
  Outcome handshake(const WebSocketTo& to) {
    while (true) {
      const int result = ::SSL_connect(ssl.get());
      if (result == 1) return {};
      if (again(result)) continue;
      if (::SSL_get_verify_result(ssl.get()) != X509_V_OK)
        return Error{Code::forbidden,
                     to.host +
                         ": the gateway's certificate is not trusted: give the authority's "
                         "with --ca"};
      return away(to, "no TLS");
    }
  }
  Outcome write(std::string_view data) {
    while (!data.empty()) {
      const int count = ::SSL_write(ssl.get(), data.data(), static_cast<int>(data.size()));
      if (count > 0)
        data.remove_prefix(static_cast<std::size_t>(count));
      else if (!again(count))
        return Error{Code::unavailable, "the connection is gone"};
    }
    return {};
  }
  /// What is there; empty for now.
  Result<std::string> read() {
    std::array<char, 65536> buffer;  // NOLINT: filled by SSL_read
    const int count = ::SSL_read(ssl.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (count > 0) return std::string{buffer.data(), static_cast<std::size_t>(count)};
    const int why = ::SSL_get_error(ssl.get(), count);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return std::string{};
    return Error{Code::unavailable, "the connection is gone"};
  }
  Outcome upgrade(const WebSocketTo& to) {
    const auto key = bytes::base64(random.bytes<16>());
    const auto host = to.host.find(':') == std::string::npos ? to.host : "[" + to.host + "]";
    TRY(write("GET " + to.path + " HTTP/1.1\r\nHost: " + host +
              (to.port == 443 ? "" : ":" + std::to_string(to.port)) +
              "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: " + to.origin +
              "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key +
              "\r\nSec-WebSocket-Protocol: " + to.protocol + "\r\n\r\n"));
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      const auto more = TRY(read());
      if (head.size() > most_head || (more.empty() && !wait_for(socket.fd, POLLIN)))
        return away(to, "no answer to the opening");
      head += more;
    }
    const auto end = head.find("\r\n\r\n");
    reader.add(std::string_view{head}.substr(end + 4));
    if (!is_accepted(head.substr(0, end + 2), key, to.protocol))
      return away(to, "it does not take sessions");
    return {};
  }
};

WebSocket::WebSocket(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket::~WebSocket() = default;

Result<WebSocket> WebSocket::open(const WebSocketTo& to, Random& random) {
  auto context = TRY(tls::checking_client(to.ca_file));
  auto socket = TRY(dial(to));
  openssl::Ssl ssl{::SSL_new(context.get())};
  if (ssl == nullptr || ::SSL_set_fd(ssl.get(), socket.fd) != 1)
    return openssl::failure("make TLS connection");
  TRY(tls::expect_host(*ssl, to.host));
  std::unique_ptr<Connection> connection{
      new Connection{std::move(socket), std::move(context), std::move(ssl), {}, random}};
  TRY(connection->handshake(to));
  TRY(connection->upgrade(to));
  return WebSocket{std::move(connection)};
}

Outcome WebSocket::send(FrameKind kind, std::string_view data) {
  return connection_->write(client_frame(kind, data, connection_->random));
}

Result<std::optional<Message>> WebSocket::receive() {
  while (true) {
    auto message = TRY(connection_->reader.next());
    if (message) {
      if (message->kind == FrameKind::ping) {
        TRY(send(FrameKind::pong, message->data));
        continue;
      }
      return message;
    }
    const auto more = TRY(connection_->read());
    if (more.empty()) return std::optional<Message>{};
    connection_->reader.add(more);
  }
}

int WebSocket::descriptor() const {
  return connection_->socket.fd;
}

}  // namespace sp::cli
