#pragma once
// A client that sends exactly the bytes it is told to, for tests of servers. Blocking, with a
// limit.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "base/openssl/handle.h"
#include "base/testing/catch.h"

namespace sp::testing {

/// While it lives, a write to a peer that is gone fails and does not end the process. OpenSSL
/// writes to sockets without MSG_NOSIGNAL; servers must do better, so the signal stays on outside
/// of it.
class NoBrokenPipeSignal {
 public:
  NoBrokenPipeSignal() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoBrokenPipeSignal() {
    constexpr ::timespec at_once{0, 0};
    ::sigtimedwait(&pipe_, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipeSignal(const NoBrokenPipeSignal&) = delete;
  NoBrokenPipeSignal& operator=(const NoBrokenPipeSignal&) = delete;

 private:
  ::sigset_t pipe_{};
  ::sigset_t before_{};
};

class SocketClient {
 public:
  static constexpr std::chrono::milliseconds limit{20'000};

  explicit SocketClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const ::timeval time{limit.count() / 1000, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    connected_ = ::connect(fd_, reinterpret_cast<::sockaddr*>(&address), sizeof address) == 0;
  }
  SocketClient(SocketClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        connected_(other.connected_),
        context_(std::move(other.context_)),
        ssl_(std::move(other.ssl_)) {}
  SocketClient& operator=(SocketClient&&) = delete;
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;
  ~SocketClient() {
    ssl_.reset();
    if (fd_ >= 0) ::close(fd_);
  }

  /// A handshake that trusts anybody, of at most TLS `version`.
  bool start_tls(int version = TLS1_3_VERSION, std::string_view alpn = {}) {
    context_.reset(::SSL_CTX_new(::TLS_client_method()));
    ::SSL_CTX_set_max_proto_version(context_.get(), version);
    ssl_.reset(::SSL_new(context_.get()));
    if (!alpn.empty())
      ::SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(alpn.data()),
                            static_cast<unsigned>(alpn.size()));
    ::SSL_set_fd(ssl_.get(), fd_);
    const NoBrokenPipeSignal quiet;
    return ::SSL_connect(ssl_.get()) == 1;
  }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool is_connected() const { return connected_; }

  /// False once the server is gone.
  bool send(std::string_view data) {
    const NoBrokenPipeSignal quiet;
    while (!data.empty()) {
      const auto count = ssl_ != nullptr
                             ? ::SSL_write(ssl_.get(), data.data(), static_cast<int>(data.size()))
                             : ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      data.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// What comes next; empty at the end, on an error or after `limit`.
  std::string read_some() {
    const NoBrokenPipeSignal quiet;
    std::array<char, 65536> buffer;
    const auto count = ssl_ != nullptr
                           ? ::SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                           : ::recv(fd_, buffer.data(), buffer.size(), 0);
    return count <= 0 ? std::string{} : std::string{buffer.data(), static_cast<std::size_t>(count)};
  }
  std::string read_to_end() {
    std::string all;
    for (auto part = read_some(); !part.empty(); part = read_some()) all += part;
    return all;
  }
  /// Reads until `end` was seen or nothing more comes.
  std::string read_until(std::string_view end) {
    std::string all;
    while (all.find(end) == std::string::npos) {
      const auto part = read_some();
      if (part.empty()) return all;
      all += part;
    }
    return all;
  }
  /// True when the server closes within `time`, reading over what it still says.
  bool is_closed_within(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      ::pollfd state{fd_, POLLIN, 0};
      if (::poll(&state, 1, static_cast<int>(left.count())) == 1) {
        std::array<char, 4096> buffer;
        if (::recv(fd_, buffer.data(), buffer.size(), 0) <= 0) return true;
      }
    }
    return false;
  }

 private:
  int fd_;
  bool connected_ = false;
  openssl::SslCtx context_;
  openssl::Ssl ssl_;
};

}  // namespace sp::testing
