#include "base/http/internal/transport.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/result/ensure.h"
#include "base/secret/secret.h"

namespace sp::http::internal {
namespace {

constexpr std::size_t record_size = 16UL * 1024;

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

int fd_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(::BIO_get_data(bio)));
}

// OpenSSL's own socket BIO writes without MSG_NOSIGNAL: a peer that goes would end the process.
int bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto count =
      ::send(fd_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count < 0 && would_block(errno)) BIO_set_retry_write(bio);
  return static_cast<int>(count);
}

int bio_read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto count = ::recv(fd_of(bio), data, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (count < 0 && would_block(errno)) BIO_set_retry_read(bio);
  if (count == 0) ::BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(count);
}

long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return ::BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP ? 1 : 0;
}

int bio_create(BIO* bio) {
  ::BIO_set_init(bio, 1);
  return 1;
}

// What arrives may be a secret: it must not stay in a buffer that others use next.
Io take(std::span<char> arrived, std::string& into) {
  into.append(arrived.data(), arrived.size());
  wipe(std::as_writable_bytes(arrived));
  return Io::done;
}

BIO_METHOD* socket_method() {
  static BIO_METHOD* const method = [] {
    auto* made = ::BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sallyport socket");
    ensure(made != nullptr);
    ::BIO_meth_set_write(made, bio_write);
    ::BIO_meth_set_read(made, bio_read);
    ::BIO_meth_set_ctrl(made, bio_control);
    ::BIO_meth_set_create(made, bio_create);
    return made;
  }();
  return method;
}

}  // namespace

// It looks first and takes what is the header's alone: what follows belongs to TLS.
Io Transport::read_proxy_header(std::string& header, Parsed<ProxyHeader>& parsed) {
  std::array<char, most_proxy_header> scratch;
  const auto held = header.size();
  const auto count = ::recv(fd_, scratch.data(), scratch.size() - held, MSG_DONTWAIT | MSG_PEEK);
  if (count < 0) return would_block(errno) ? Io::want_read : Io::closed;
  if (count == 0) return Io::closed;
  header.append(scratch.data(), static_cast<std::size_t>(count));
  parsed = parse_proxy_header(header);
  using State = Parsed<ProxyHeader>::State;
  if (parsed.state == State::refused) return Io::closed;
  if (parsed.state == State::done) header.resize(parsed.size);
  const auto wanted = header.size() - held;
  if (::recv(fd_, scratch.data(), wanted, MSG_DONTWAIT) != static_cast<::ssize_t>(wanted))
    return Io::closed;
  return parsed.state == State::done ? Io::done : Io::want_read;
}

bool Transport::start_tls(openssl::Ssl ssl) {
  if (ssl == nullptr) return false;
  BIO* bio = ::BIO_new(socket_method());
  if (bio == nullptr) return false;
  ::BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd_)));
  ::SSL_set_bio(ssl.get(), bio, bio);
  ::SSL_set_read_ahead(ssl.get(), 1);  // one recv for a record, not one for each of its parts
  ::SSL_set_accept_state(ssl.get());
  ssl_ = std::move(ssl);
  return true;
}

Io Transport::outcome(int result) {
  const int reason = ::SSL_get_error(ssl_.get(), result);
  if (reason == SSL_ERROR_WANT_READ) return Io::want_read;
  if (reason == SSL_ERROR_WANT_WRITE) return Io::want_write;
  if (reason != SSL_ERROR_ZERO_RETURN) ::SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN);
  ::ERR_clear_error();  // the next connection of this thread must not find our failure
  return Io::closed;
}

Io Transport::handshake() {
  ::ERR_clear_error();
  const int result = ::SSL_do_handshake(ssl_.get());
  return result == 1 ? Io::done : outcome(result);
}

Io Transport::read(std::string& into, std::size_t most) {
  thread_local std::array<char, record_size> scratch;
  const auto size = std::min(most, scratch.size());
  if (ssl_ != nullptr) {
    const int count = ::SSL_read(ssl_.get(), scratch.data(), static_cast<int>(size));
    if (count <= 0) return outcome(count);
    return take(std::span{scratch}.first(static_cast<std::size_t>(count)), into);
  }
  const auto count = ::recv(fd_, scratch.data(), size, MSG_DONTWAIT);
  if (count < 0) return would_block(errno) ? Io::want_read : Io::closed;
  if (count == 0) return Io::closed;
  return take(std::span{scratch}.first(static_cast<std::size_t>(count)), into);
}

Io Transport::write(std::string_view& from) {
  while (!from.empty()) {
    if (ssl_ != nullptr) {
      const auto size = std::min(from.size(), record_size);
      const int count = ::SSL_write(ssl_.get(), from.data(), static_cast<int>(size));
      if (count <= 0) return outcome(count);
      from.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    const auto count = ::send(fd_, from.data(), from.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) return would_block(errno) ? Io::want_write : Io::closed;
    from.remove_prefix(static_cast<std::size_t>(count));
  }
  return Io::done;
}

bool Transport::has_pending() const {
  return ssl_ != nullptr && ::SSL_has_pending(ssl_.get()) == 1;
}

void Transport::say_goodbye() {
  if (ssl_ != nullptr && ::SSL_is_init_finished(ssl_.get()) == 1) {
    ::SSL_shutdown(ssl_.get());
    ::ERR_clear_error();
  }
  ::shutdown(fd_, SHUT_WR);
}

Io Transport::discard(std::size_t& bytes) {
  std::array<char, 4096> scratch;
  while (true) {
    const auto count = ::recv(fd_, scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (count < 0 && would_block(errno)) return Io::want_read;
    if (count <= 0) return Io::closed;
    bytes += static_cast<std::size_t>(count);
    if (bytes > std::size_t{1} << 20) return Io::closed;
  }
}

}  // namespace sp::http::internal
