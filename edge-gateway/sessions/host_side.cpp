#include "edge-gateway/sessions/host_side.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/secret/secret.h"

namespace sp::edge_gateway {
namespace {

constexpr int reads_at_once = 8;  // then others have their turn

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

pollfd HostSide::wanted() const {
  const int events = POLLIN | (out_.empty() ? 0 : POLLOUT);
  return {process_.fd(), static_cast<short>(events), 0};
}

void HostSide::send(FrameKind kind, BytesView body) {
  append_frame(out_, kind, body);
}

void HostSide::send_part(FrameKind kind, const Part& part) {
  append_part(out_, kind, part);
}

bool HostSide::write() {
  std::size_t sent = 0;
  bool is_there = true;
  while (sent < out_.size()) {
    const auto count = ::send(process_.fd(), out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL);
    if (count < 0) {
      is_there = would_block(errno);
      break;
    }
    sent += static_cast<std::size_t>(count);
  }
  wipe(std::span{out_}.first(sent));
  out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(sent));
  return is_there;
}

Result<bool> HostSide::read(const std::function<void(const Frame&)>& take) {
  std::array<std::byte, 64U << 10U> buffer;
  for (int i = 0; i < reads_at_once; ++i) {
    const auto count = ::recv(process_.fd(), buffer.data(), buffer.size(), 0);
    if (count < 0) return would_block(errno);
    if (count == 0) return false;
    reader_.add(std::span{buffer}.first(static_cast<std::size_t>(count)));
    while (const auto frame = TRY(reader_.next())) take(*frame);
  }
  return true;
}

}  // namespace sp::edge_gateway
