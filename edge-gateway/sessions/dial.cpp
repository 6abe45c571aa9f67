#include "edge-gateway/sessions/dial.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>

#include "base/log/log.h"
#include "edge-gateway/sessions/mailbox.h"

namespace sp::edge_gateway {
namespace {

using namespace std::chrono_literals;
constexpr auto attempt_time = 5s;  // where another address is left to try

std::optional<Address> address_of(const sockaddr* from) {
  if (from == nullptr) return std::nullopt;
  Address out;
  if (from->sa_family == AF_INET) {
    out.bytes[10] = out.bytes[11] = std::byte{0xFF};
    const auto* four = reinterpret_cast<const sockaddr_in*>(from);
    std::memcpy(out.bytes.data() + 12, &four->sin_addr, 4);
    return out;
  }
  if (from->sa_family != AF_INET6) return std::nullopt;
  const auto* six = reinterpret_cast<const sockaddr_in6*>(from);
  std::memcpy(out.bytes.data(), &six->sin6_addr, 16);
  return out;
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};
SocketAddress socket_address(const Address& address, std::uint16_t port) {
  SocketAddress out;
  if (address.is_v4()) {
    auto* four = reinterpret_cast<sockaddr_in*>(&out.storage);
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    std::memcpy(&four->sin_addr, address.bytes.data() + 12, 4);
    out.size = sizeof(sockaddr_in);
    return out;
  }
  auto* six = reinterpret_cast<sockaddr_in6*>(&out.storage);
  six->sin6_family = AF_INET6;
  six->sin6_port = htons(port);
  std::memcpy(&six->sin6_addr, address.bytes.data(), 16);
  out.size = sizeof(sockaddr_in6);
  return out;
}

// Keys go out at once, and a host that vanished is found within two minutes.
void set_options(int socket) {
  const auto set = [socket](int level, int option, int value) {
    static_cast<void>(::setsockopt(socket, level, option, &value, sizeof value));
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set(IPPROTO_TCP, TCP_KEEPCNT, 4);
}

std::vector<Address> resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  std::vector<Address> out;
  for (const auto* one = found; one != nullptr; one = one->ai_next)
    if (const auto address = address_of(one->ai_addr)) out.push_back(*address);
  ::freeaddrinfo(found);
  return out;
}

}  // namespace

/// Asks the system on a thread of its own: nothing can interrupt getaddrinfo.
class Dial::Resolver {
 public:
  explicit Resolver(std::string host)
      : thread_([this, host = std::move(host)] { found_.post(resolve(host)); }) {}
  [[nodiscard]] int fd() const { return found_.fd(); }
  std::optional<std::vector<Address>> take() {
    auto mail = found_.take();
    if (mail.empty()) return std::nullopt;
    return std::move(mail.front());
  }

 private:
  Mailbox<std::vector<Address>> found_;
  std::jthread thread_;  // last: it uses the above
};

Dial::Dial(DialOrder order) : order_(std::move(order)) {
  if (const auto address = Address::parse(order_.host))
    state_ = judge({*address});
  else if (is_host(order_.host))
    resolver_ = std::make_unique<Resolver>(order_.host);
  else
    state_ = State::forbidden;
}

Dial::~Dial() = default;

pollfd Dial::wanted() const {
  if (socket_) return {socket_.fd(), POLLOUT, 0};
  return {resolver_ ? resolver_->fd() : -1, POLLIN, 0};
}

Dial::State Dial::step() {
  if (state_ != State::going) return state_;
  if (socket_) return state_ = connected();
  const auto resolved = resolver_->take();
  if (!resolved) return state_;
  return state_ = judge(*resolved);
}

Dial::State Dial::judge(const std::vector<Address>& resolved) {
  if (resolved.empty()) return State::unreachable;
  auto judged = allowed(resolved, order_.port, order_.networks, order_.policy);
  if (!judged) {
    log::info("dial_refused", {{"why", judged.error().detail()}});
    return State::forbidden;
  }
  addresses_ = *std::move(judged);
  std::ranges::reverse(addresses_);
  return connect_next();
}

Dial::State Dial::connect_next() {
  while (!addresses_.empty()) {
    address_ = addresses_.back();
    addresses_.pop_back();
    const int family = address_.is_v4() ? AF_INET : AF_INET6;
    socket_ = Descriptor{::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!socket_) continue;
    set_options(socket_.fd());
    const auto to = socket_address(address_, order_.port);
    attempt_ends_ = std::chrono::steady_clock::now() + attempt_time;
    const int result =
        ::connect(socket_.fd(), reinterpret_cast<const sockaddr*>(&to.storage), to.size);
    if (result == 0) return State::connected;
    if (errno == EINPROGRESS) return State::going;
    socket_.close();
  }
  return State::unreachable;
}

Dial::State Dial::connected() {
  pollfd look = wanted();
  if (::poll(&look, 1, 0) == 0) {
    const bool is_late = std::chrono::steady_clock::now() >= attempt_ends_;
    return is_late && !addresses_.empty() ? connect_next() : State::going;
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error == 0) return State::connected;
  socket_.close();
  return connect_next();
}

// Loopback is struck out as a range, which a policy may name as one.
Result<std::vector<Address>> own_addresses() {
  const auto loopback = *Network::parse("127.0.0.0/8");
  const Network loopback6{*Address::parse("::1")};
  ifaddrs* found = nullptr;
  if (::getifaddrs(&found) != 0)
    return Error{Code::unavailable,
                 "cannot learn this machine's addresses: the service needs AF_NETLINK"};
  std::vector<Address> out;
  for (const auto* one = found; one != nullptr; one = one->ifa_next)
    if (const auto address = address_of(one->ifa_addr);
        address && !loopback.holds(*address) && !loopback6.holds(*address))
      out.push_back(*address);
  ::freeifaddrs(found);
  return out;
}

}  // namespace sp::edge_gateway
