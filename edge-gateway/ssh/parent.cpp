#include "edge-gateway/ssh/parent.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "base/secret/secret.h"

namespace sp::edge_gateway {

bool Parent::receive() {
  std::array<std::byte, 64U << 10U> piece;
  const auto got = ::recv(socket_, piece.data(), piece.size(), MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  const auto size = static_cast<std::size_t>(got);
  reader_.add(std::span{piece}.first(size));
  wipe(std::span{piece}.first(size));
  return true;
}

bool Parent::send() {
  while (waiting() > 0) {
    const auto rest = BytesView{out_}.subspan(sent_);
    const auto sent = ::send(socket_, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (sent < 0) return false;
    sent_ += static_cast<std::size_t>(sent);
  }
  out_.clear();
  sent_ = 0;
  return true;
}

void Parent::say(FrameKind kind, BytesView body) {
  forget_sent();
  append_frame(out_, kind, body);
}

void Parent::say(FrameKind kind, const Part& part) {
  forget_sent();
  append_part(out_, kind, part);
}

// Moving the rest costs less than what was sent since the last time.
void Parent::forget_sent() {
  if (sent_ < most_waiting || sent_ < waiting()) return;
  out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(sent_));
  sent_ = 0;
}

void Parent::flush() {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::seconds{5};
  while (send() && waiting() > 0 && Clock::now() < until) {
    pollfd one{socket_, POLLOUT, 0};
    ::poll(&one, 1, 100);
  }
}

}  // namespace sp::edge_gateway
