#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/openssl/handle.h"
#include "certs/acme/dns_01.h"

namespace sp::acme {
namespace {

using Addresses = openssl::Handle<::addrinfo, ::freeaddrinfo>;
using Deadline = std::chrono::steady_clock::time_point;

class Connection {
 public:
  Connection(const ::addrinfo& to, Deadline until)
      : fd_(::socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)), until_(until) {
    if (fd_ < 0) return;
    connected_ = ::connect(fd_, to.ai_addr, to.ai_addrlen) == 0;
    if (connected_ || errno != EINPROGRESS || !ready(POLLOUT)) return;
    int problem = 0;
    ::socklen_t size = sizeof problem;
    connected_ = ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 && problem == 0;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool connected() const { return connected_; }

  bool send(BytesView data) {
    while (!data.empty()) {
      const auto count = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
      if (count > 0) data = data.subspan(static_cast<std::size_t>(count));
      if (count <= 0 && !(errno == EAGAIN && ready(POLLOUT))) return false;
    }
    return true;
  }
  bool receive(std::span<std::byte> data) {
    while (!data.empty()) {
      const auto count = ::recv(fd_, data.data(), data.size(), 0);
      if (count > 0) data = data.subspan(static_cast<std::size_t>(count));
      if (count == 0 || (count < 0 && !(errno == EAGAIN && ready(POLLIN)))) return false;
    }
    return true;
  }

 private:
  bool ready(short event) const {
    ::pollfd state{fd_, event, 0};
    while (true) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now());
      if (left.count() <= 0) return false;
      const int count = ::poll(&state, 1, static_cast<int>(left.count()));
      if (count >= 0) return count == 1;
      if (errno != EINTR) return false;
    }
  }
  int fd_;
  Deadline until_;
  bool connected_ = false;
};

Result<Bytes> exchange(Connection& connection, BytesView message, const Error& silent) {
  bytes::Writer out;
  out.u16(static_cast<std::uint16_t>(message.size())).raw(message);
  std::array<std::byte, 2> head{};
  if (!connection.send(out.view()) || !connection.receive(head)) return silent;
  Bytes answer(std::to_integer<std::size_t>(head[0]) << 8U | std::to_integer<std::size_t>(head[1]));
  if (!connection.receive(answer)) return silent;
  return answer;
}

}  // namespace

Result<Bytes> dns_exchange(const DnsServer& server, BytesView message, Duration patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  const Error silent{Code::unavailable,
                     "the name server " + server.text() +
                         " does not answer over TCP: check the address and the firewall"};
  ::addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  ::addrinfo* found = nullptr;
  if (::getaddrinfo(server.host.c_str(), server.port.c_str(), &wanted, &found) != 0) return silent;
  const Addresses addresses{found};
  for (const auto* one = addresses.get(); one != nullptr; one = one->ai_next) {
    Connection connection{*one, until};
    if (connection.connected()) return exchange(connection, message, silent);
  }
  return silent;
}

}  // namespace sp::acme
