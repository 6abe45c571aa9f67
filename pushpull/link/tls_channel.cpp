// HTTP/1.1 over TLS 1.3, just what a link needs, towards an edge that may be hostile: one absolute
// deadline for everything, limits on header and body, and an end at once when told to stop.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <mutex>

#include "base/openssl/handle.h"
#include "base/tls/certificate.h"
#include "base/tls/context.h"
#include "pushpull/envelope/envelope.h"
#include "pushpull/link/channel.h"
#include "pushpull/link/internal/http_head.h"
#include "pushpull/link/internal/words.h"

namespace sp::pushpull {
namespace {

using Steady = std::chrono::steady_clock;
using internal::Head;

constexpr std::size_t most_head = 16U << 10U;
constexpr std::size_t piece = 64U << 10U;

Error unavailable(std::string_view what) {
  return Error{Code::unavailable, std::string{what}};
}
Error system_failure(std::string_view what) {
  return Error{Code::unavailable, std::string{what} + ": errno " + std::to_string(errno)};
}

class File {
 public:
  explicit File(int number = -1) : number_(number) {}
  File(File&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> resolve(const internal::Place& place) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int status = ::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found);
  if (status != 0) return unavailable(internal::name_not_found(place));
  return Addresses{found};
}

class TlsChannel final : public Channel {
 public:
  TlsChannel(internal::Place place, std::shared_ptr<SSL_CTX> context, File stop)
      : place_(std::move(place)), context_(std::move(context)), stop_(std::move(stop)) {}

  Result<Answer> exchange(const Call& call) override {
    until_ = Steady::now() + call.patience;
    const bool kept = ssl_ != nullptr;
    auto answer = once(call);
    // A connection that was kept may have been closed by the edge meanwhile. Every request may be
    // repeated, so it goes once more over a new one.
    const bool again = !answer && kept && answer.error().code() == Code::unavailable && !stopped_ &&
                       Steady::now() < until_;
    if (again) answer = once(call);
    return answer;
  }
  void stop() override {
    stopped_ = true;
    const std::uint64_t one = 1;
    (void)!::write(stop_.number(), &one, sizeof one);
  }

 private:
  Result<Answer> once(const Call& call) {
    auto answer = talk(call);
    if (!answer) close();
    return answer;
  }
  Result<Answer> talk(const Call& call) {
    if (stopped_) return unavailable("the link was stopped");
    // A connection of before the edge changed its key tells nothing of the key that it has now.
    if (ssl_ != nullptr && call.pin && *call.pin != pin_) close();
    if (ssl_ == nullptr) TRY(connect());
    const bool known = !call.pin || *call.pin == pin_ || (call.vouch && call.vouch(pin_, leaf_));
    if (!known) return Error{Code::forbidden, internal::other_tls_key()};
    TRY(send(bytes::of(internal::request_head(place_, call.body.size()))));
    TRY(send(call.body));
    return receive();
  }

  void close() {
    ssl_.reset();
    socket_ = File{};
    buffered_.clear();
  }

  Outcome connect() {
    close();
    const auto addresses = TRY(resolve(place_));
    Outcome tried = unavailable("the edge has no address");
    for (const auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
      tried = connect_to(*address);
      if (tried) return handshake();
    }
    return tried;
  }
  Outcome connect_to(const addrinfo& address) {
    socket_ = File{::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (socket_.number() < 0) return system_failure("socket");
    const int on = 1;
    (void)::setsockopt(socket_.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_.number(), address.ai_addr, address.ai_addrlen) == 0) return {};
    if (errno != EINPROGRESS) return unavailable(internal::not_connected(place_, errno));
    auto waited = wait(POLLOUT);
    if (!waited && Steady::now() >= until_) return unavailable(internal::never_connected(place_));
    TRY(std::move(waited));
    int error = 0;
    socklen_t size = sizeof error;
    (void)::getsockopt(socket_.number(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return unavailable(internal::not_connected(place_, error));
    return {};
  }
  Outcome handshake() {
    ssl_.reset(::SSL_new(context_.get()));
    if (ssl_ == nullptr || ::SSL_set_fd(ssl_.get(), socket_.number()) != 1)
      return openssl::failure("TLS", Code::unavailable);
    if (!place_.is_address)  // SSL_set_tlsext_host_name without its old-style cast
      (void)::SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                       place_.host.data());
    TRY(until_done([this] { return ::SSL_connect(ssl_.get()); }, internal::no_tls));
    const openssl::Cert shown{::SSL_get1_peer_certificate(ssl_.get())};
    if (shown == nullptr) return unavailable("the edge shows no certificate");
    pin_ = Pin{tls::spki_pin(*shown)};
    leaf_ = TRY(tls::der_of(*shown));
    return {};
  }

  /// Waits for the socket, at most until the deadline, and not once `stop` was called.
  Outcome wait(short events) {
    std::array<pollfd, 2> files{{{socket_.number(), events, 0}, {stop_.number(), POLLIN, 0}}};
    while (true) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - Steady::now());
      if (left.count() <= 0) return unavailable(internal::silent(place_));
      const int ready = ::poll(files.data(), files.size(), static_cast<int>(left.count()));
      if (ready < 0 && errno != EINTR) return system_failure("poll");
      if (ready > 0 && files[1].revents != 0) return unavailable("the link was stopped");
      if (ready > 0) return {};
    }
  }
  /// Repeats an operation of OpenSSL until it gave a positive number; `words` for when it fails.
  template <class Operation, class Words>
  Result<int> until_done(Operation operation, Words words) {
    while (true) {
      ::ERR_clear_error();
      const int done = operation();
      if (done > 0) return done;
      const int why = ::SSL_get_error(ssl_.get(), done);
      if (why == SSL_ERROR_WANT_READ)
        TRY(wait(POLLIN));
      else if (why == SSL_ERROR_WANT_WRITE)
        TRY(wait(POLLOUT));
      else
        return unavailable(words(place_, openssl::failure("TLS").detail()));
    }
  }
  Outcome send(BytesView data) {
    while (!data.empty()) {
      const auto size = static_cast<int>(std::min(data.size(), piece));
      const int sent = TRY(
          until_done([&] { return ::SSL_write(ssl_.get(), data.data(), size); }, internal::cut));
      data = data.subspan(static_cast<std::size_t>(sent));
    }
    return {};
  }
  Outcome read_more() {
    const auto before = buffered_.size();
    buffered_.resize(before + piece);
    const auto got =
        until_done([&] { return ::SSL_read(ssl_.get(), buffered_.data() + before, int{piece}); },
                   internal::cut);
    buffered_.resize(before + static_cast<std::size_t>(got ? *got : 0));
    if (!got) return got.error();
    return {};
  }

  Result<Answer> receive() {
    buffered_.clear();
    std::optional<Head> head;
    while (!head) {
      TRY(read_more());
      head = TRY(internal::parse_head(buffered_));
      if (!head && buffered_.size() > most_head)
        return unavailable("the answer's head is too long");
    }
    if (head->body_size > most_envelope_size) return unavailable("the answer is too large");
    while (buffered_.size() < head->size + head->body_size) TRY(read_more());
    if (buffered_.size() != head->size + head->body_size)
      return unavailable("the edge sent more than it announced");
    Answer answer{head->status, {}, pin_};
    answer.body.assign(buffered_.begin() + static_cast<std::ptrdiff_t>(head->size),
                       buffered_.end());
    Bytes{}.swap(buffered_);  // an idle link keeps no buffer
    if (head->closes) close();
    return answer;
  }

  internal::Place place_;
  std::shared_ptr<SSL_CTX> context_;
  File stop_;
  std::atomic<bool> stopped_ = false;
  Steady::time_point until_;
  File socket_;
  openssl::Ssl ssl_;  // after the socket that it uses
  Pin pin_;
  Bytes leaf_;  // DER
  Bytes buffered_;
};

// One for all links: a context costs more memory than a connection.
Result<std::shared_ptr<SSL_CTX>> shared_context() {
  static std::mutex mutex;
  static std::weak_ptr<SSL_CTX> made;
  const std::lock_guard lock{mutex};
  if (auto alive = made.lock()) return alive;
  auto context = TRY(tls::link_client());
  std::shared_ptr<SSL_CTX> shared{std::move(context)};
  made = shared;
  return shared;
}

}  // namespace

Result<std::unique_ptr<Channel>> tls_channel(const std::string& url) {
  auto place = TRY(internal::parse_place(url));
  auto context = TRY(shared_context());
  File stop{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (stop.number() < 0) return system_failure("eventfd");
  return std::unique_ptr<Channel>{
      std::make_unique<TlsChannel>(std::move(place), std::move(context), std::move(stop))};
}

}  // namespace sp::pushpull
