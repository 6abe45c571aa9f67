#include "base/http/internal/channel.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>

#include "base/http/internal/connection.h"

namespace sp::http::internal {
namespace {

constexpr std::chrono::milliseconds close_time{2'000};
constexpr std::size_t most_unread_for_pong = 64 * 1024;

}  // namespace

Channel::Channel(Connection& connection, asio::io_context& io, SocketReader& reader,
                 const SocketOptions& options)
    : connection_(&connection),
      io_(io),
      reader_(reader),
      options_(options),
      change_(asio::steady_timer{io, Moment::max()}),
      next_ping_(std::chrono::steady_clock::now() + options.ping) {}

void Channel::send(SocketKind kind, BytesView data) {
  const std::lock_guard lock{mutex_};
  if (gone_ || closing_) return;
  append_frame(out_, kind, data);
  post_pump();
}

void Channel::close(std::uint16_t code) {
  const std::lock_guard lock{mutex_};
  if (gone_ || closing_) return;
  append_close(out_, code);
  closing_ = true;
  post_pump();
}

std::size_t Channel::queued() const {
  const std::lock_guard lock{mutex_};
  return out_.size() + unsent_;
}

bool Channel::is_closing() const {
  const std::lock_guard lock{mutex_};
  return closing_;
}

void Channel::allow(std::size_t most_message) {
  const std::lock_guard lock{mutex_};
  if (gone_) return;
  asio::post(io_, [self = shared_from_this(), most_message] {
    if (self->connection_ == nullptr) return;
    self->allowed_ = true;
    self->reader_.allow(most_message);
  });
}

void Channel::release() {
  const std::lock_guard lock{mutex_};
  held_ = false;
  if (!gone_) asio::post(io_, [self = shared_from_this()] { self->changed(); });
}

void Channel::detach() {
  const std::lock_guard lock{mutex_};
  gone_ = true;
  connection_ = nullptr;
  change_.reset();
  out_.clear();
}

bool Channel::refuse() {
  const auto code = allowed_ ? reader_.refusal() : options_.refusal;
  if (code == 0 || is_closing()) return false;
  close(code);
  connection_->allow(close_time);
  return true;
}

void Channel::answer_close(std::uint16_t code) {
  constexpr std::uint16_t normal = 1000;
  close(code == 0 ? normal : code);
}

void Channel::answer_ping(BytesView data) {
  if (queued() < most_unread_for_pong) send(SocketKind::pong, data);
}

void Channel::tick(Moment now) {
  if (now < next_ping_) return;
  next_ping_ = now + options_.ping;
  send(SocketKind::ping, {});
}

asio::awaitable<void> Channel::change() {
  co_await change_->async_wait(asio::as_tuple(asio::use_awaitable));
}

// With mutex_ held. The loop outlives what is not gone.
void Channel::post_pump() {
  if (posted_) return;
  posted_ = true;
  asio::post(io_, [self = shared_from_this()] { self->pump(); });
}

void Channel::pump() {
  if (connection_ == nullptr || waiting_ || broken_) return;
  while (take_next()) {
    auto rest = std::string_view{sending_}.substr(sent_);
    const auto io = connection_->transport_.write(rest);
    sent_ = sending_.size() - rest.size();
    unsent_ = rest.size();
    if (io == Io::done) continue;
    if (io == Io::closed) {
      broken_ = true;
      connection_->end();
      return;
    }
    return wait_for(io);
  }
  flushed();
}

// False when everything was written.
bool Channel::take_next() {
  if (sent_ < sending_.size()) return true;
  const std::lock_guard lock{mutex_};
  posted_ = false;
  sending_.clear();
  sent_ = 0;
  std::swap(sending_, out_);
  unsent_ = sending_.size();
  return !sending_.empty();
}

void Channel::wait_for(Io io) {
  using Tcp = asio::ip::tcp::socket;
  waiting_ = true;
  if (is_closing()) connection_->allow(connection_->shared_.options.limits.write_time);
  const auto what = io == Io::want_read ? Tcp::wait_read : Tcp::wait_write;
  connection_->socket_.async_wait(what, [self = shared_from_this()](const auto& error) {
    self->waiting_ = false;
    if (self->connection_ == nullptr) return;
    if (error) self->broken_ = true;
    self->pump();
    if (error) self->changed();
  });
}

void Channel::flushed() {
  // A burst leaves no large buffer behind.
  constexpr std::size_t usual = 64 * 1024;
  if (sending_.capacity() > usual) sending_ = std::string{};
  if (is_closing()) connection_->allow(close_time);
  changed();
}

}  // namespace sp::http::internal
