#include "base/probe/probe.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "base/tls/context.h"

namespace sp::probe {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint16_t https_port = 443;

Error unavailable(const Place& place, std::string_view what) {
  return Error{Code::unavailable,
               place.host + " port " + std::to_string(place.port) + " " + std::string{what}};
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (status != 0)
    return Error{Code::not_found, "the name " + host + " has no address (" +
                                      std::string{::gai_strerror(status)} + ")"};
  return Addresses{found};
}

// A connected, non-blocking socket.
class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  Socket(Socket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

// False when the time is over.
bool wait(int socket, short events, Steady::time_point until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
    if (left <= 0) return false;
    pollfd one{socket, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

std::string_view words_for(int failure) {
  switch (failure) {
    case ECONNREFUSED:
      return "refuses the connection: nothing listens there, or a firewall rejects it";
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "cannot be reached: there is no way from this machine, or a firewall rejects it";
    default:
      return "does not answer: a firewall may drop the packets, or the machine is off";
  }
}

Result<Socket> connect_to(const addrinfo& address, const Place& place, Steady::time_point until) {
  Socket socket{::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (socket.number() < 0) return unavailable(place, "needs a kind of network that is not here");
  if (::connect(socket.number(), address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return unavailable(place, words_for(errno));
  if (!wait(socket.number(), POLLOUT, until)) return unavailable(place, words_for(ETIMEDOUT));
  int failure = 0;
  socklen_t size = sizeof failure;
  (void)::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &failure, &size);
  if (failure != 0) return unavailable(place, words_for(failure));
  return socket;
}

Result<Socket> connected(const Place& place, Steady::time_point until) {
  const auto addresses = TRY(resolve(place.host, std::to_string(place.port)));
  Error last = unavailable(place, "has no address");
  for (const auto* one = addresses.get(); one != nullptr; one = one->ai_next) {
    auto socket = connect_to(*one, place, until);
    if (socket) return socket;
    last = socket.error();
  }
  return last;
}

// Repeats an operation of OpenSSL until it is done, failed, or late.
template <class Operation>
int patiently(SSL& ssl, int socket, Steady::time_point until, Operation operation) {
  while (true) {
    ::ERR_clear_error();
    const int done = operation();
    if (done > 0) return done;
    const int why = ::SSL_get_error(&ssl, done);
    const bool reads = why == SSL_ERROR_WANT_READ;
    if (!reads && why != SSL_ERROR_WANT_WRITE) return done;
    if (!wait(socket, reads ? POLLIN : POLLOUT, until)) return -1;
  }
}

std::vector<openssl::Cert> shown_by(SSL& ssl) {
  std::vector<openssl::Cert> chain;
  const auto* all = ::SSL_get_peer_cert_chain(&ssl);
  for (int at = 0; all != nullptr && at < sk_X509_num(all); ++at) {
    auto* one = sk_X509_value(all, at);
    ::X509_up_ref(one);
    chain.emplace_back(one);
  }
  return chain;
}

int status_in(std::string_view head) {
  int status = 0;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) return 0;
  std::from_chars(head.data() + 9, head.data() + 12, status);
  return status;
}

}  // namespace

bool is_address(std::string_view host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  const std::string text{host};
  return ::inet_pton(AF_INET, text.c_str(), ignored.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), ignored.data()) == 1;
}

Result<Place> listener_of(std::string_view listen) {
  const auto colon = listen.rfind(':');
  const auto port =
      colon == std::string_view::npos ? std::nullopt : port_of(listen.substr(colon + 1));
  auto host = listen.substr(0, colon);
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  const bool bare_colons = !brackets && host.find(':') != std::string_view::npos;
  if (!port || host.empty() || bare_colons)
    return Error{Code::invalid_input, "must be an address and a port, as 192.0.2.7:8443"};
  return Place{std::string{host}, *port};
}

Result<Place> place_of(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  const Error wrong{Code::invalid_input, "must be an address as https://host or https://host:port"};
  if (!url.starts_with(scheme)) return wrong;
  url.remove_prefix(scheme.size());
  const auto authority = url.substr(0, url.find_first_of("/?#"));
  if (authority.empty() || authority.find_first_of("@ \"\\") != std::string_view::npos)
    return wrong;
  const auto last = authority.find_last_of(":]");
  const bool has_port = last != std::string_view::npos && authority[last] == ':';
  const auto place = listener_of(std::string{authority} + (has_port ? "" : ":443"));
  if (!place) return wrong;
  return *place;
}

Place from_here(const Place& listener) {
  if (listener.host == "0.0.0.0") return {"127.0.0.1", listener.port};
  if (listener.host == "::") return {"::1", listener.port};
  return listener;
}

Result<std::vector<std::string>> addresses_of(const std::string& host) {
  const auto found = TRY(resolve(host, std::to_string(https_port)));
  std::vector<std::string> out;
  for (const auto* one = found.get(); one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) == 0)
      out.emplace_back(text.data());
  }
  return out;
}

Outcome reach(const Place& place, std::chrono::milliseconds patience) {
  const auto socket = connected(place, Steady::now() + patience);
  if (!socket) return socket.error();
  return {};
}

Result<Seen> open_site(const Place& at, const std::string& host, const std::string& path,
                       std::chrono::milliseconds patience) {
  const auto until = Steady::now() + patience;
  const auto socket = TRY(connected(at, until));
  const auto context = TRY(tls::link_client());
  const openssl::Ssl ssl{::SSL_new(context.get())};
  if (ssl == nullptr || ::SSL_set_fd(ssl.get(), socket.number()) != 1)
    return openssl::failure("TLS", Code::unavailable);
  auto name = host;
  if (!is_address(host))  // SSL_set_tlsext_host_name without its old-style cast
    (void)::SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     name.data());
  const auto number = socket.number();
  if (patiently(*ssl, number, until, [&] { return ::SSL_connect(ssl.get()); }) <= 0)
    return unavailable(at, "speaks no TLS 1.3");
  Seen seen{shown_by(*ssl), ::SSL_get_version(ssl.get()), 0};
  const auto request = "GET " + path + " HTTP/1.1\r\nHost: " + host + ":" +
                       std::to_string(at.port) + "\r\nConnection: close\r\n\r\n";
  const auto size = static_cast<int>(request.size());
  if (patiently(*ssl, number, until,
                [&] { return ::SSL_write(ssl.get(), request.data(), size); }) <= 0)
    return unavailable(at, "ends the connection");
  std::array<char, 4096> head{};
  const int got =
      patiently(*ssl, number, until, [&] { return ::SSL_read(ssl.get(), head.data(), int{4096}); });
  if (got <= 0) return unavailable(at, "does not answer a request");
  seen.status = status_in({head.data(), static_cast<std::size_t>(got)});
  return seen;
}

}  // namespace sp::probe
