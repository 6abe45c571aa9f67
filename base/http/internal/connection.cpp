#include "base/http/internal/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <charconv>
#include <exception>

#include "base/http/internal/promise.h"
#include "base/log/log.h"
#include "base/openssl/handle.h"
#include "base/secret/secret.h"

namespace sp::http::internal {

// No co_await stands in a part of an expression that may be skipped (after &&, ||, ?): g++ 12 runs
// it all the same in some of them.
namespace {

constexpr std::size_t one_record = 16 * 1024;
constexpr unsigned most_burst = 32;

bool has_no_body(int status) {
  return status == 204 || status == 304;
}

std::string_view body_of(const Response& response) {
  return response.shared_body != nullptr ? std::string_view{*response.shared_body} : response.body;
}

Delimiting delimiting_of(const Response& response, const Head& head, bool keep_alive) {
  Delimiting how{keep_alive, false, std::nullopt};
  if (has_no_body(response.status)) return how;
  how.length = response.stream ? response.content_length : body_of(response).size();
  if (!how.length) how.chunked = head.is_1_1;
  return how;
}

void append_chunk(std::string& out, BytesView piece) {
  std::array<char, 16> digits{};
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16);
  out.append(digits.data(), end).append("\r\n").append(bytes::text(piece)).append("\r\n");
}

}  // namespace

Connection::Connection(Loop& loop, Socket socket, std::string peer,
                       std::optional<AddressCounter::Key> key, bool is_announced)
    : loop_(loop),
      shared_(loop.shared),
      socket_(std::move(socket)),
      transport_(socket_.native_handle()),
      peer_(std::move(peer)),
      key_(key),
      is_announced_(is_announced),
      place_(loop.connections.insert(loop.connections.end(), this)) {}

Connection::~Connection() {
  if (channel_ != nullptr) channel_->detach();
  loop_.connections.erase(place_);
  if (key_) shared_.addresses.remove(*key_);
  shared_.open.remove();
}

void Connection::check_deadline(Moment now) {
  if (channel_ != nullptr) channel_->tick(now);
  if (now < deadline_) return;
  // A WebSocket whose first message is late is told so, once.
  if (channel_ != nullptr && channel_->refuse()) return;
  if (!is_idle() || !used_) count(shared_.tally.deadlines_missed);
  end();
}

void Connection::end() {
  ended_ = true;
  deadline_ = Moment::max();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  if (exchange_ != nullptr) exchange_->give(plain_refusal(503));
  if (channel_ != nullptr) channel_->changed();
}

void Connection::leave() {
  constexpr std::uint16_t going_away = 1001;
  if (reading_head_) end();
  if (channel_ != nullptr) channel_->close(going_away);
}

void Connection::allow_for(std::chrono::milliseconds time, std::uint64_t bytes) {
  const auto slowest = std::max<std::uint64_t>(shared_.options.limits.slowest, 1);
  allow(time + std::chrono::seconds{bytes / slowest});
}

asio::awaitable<void> Connection::run() {
  reading_head_ = true;
  allow(shared_.options.limits.header_time);
  // TLS state, which is large, is made for those who speak.
  if (!co_await ready(Io::want_read)) co_return;
  if (is_announced_) {
    if (!co_await read_announcement()) co_return;
  }
  if (shared_.options.tls != nullptr) {
    if (!co_await handshake()) co_return;
  }
  auto next = Next::request;
  while (next == Next::request) next = co_await serve_one();
  transport_.say_goodbye();
  if (next == Next::linger) co_await linger();
}

asio::awaitable<bool> Connection::read_announcement() {
  std::string header;
  Parsed<ProxyHeader> parsed;
  auto io = transport_.read_proxy_header(header, parsed);
  while (io == Io::want_read) {
    const bool is_ready = co_await ready(io);
    io = is_ready ? transport_.read_proxy_header(header, parsed) : Io::closed;
  }
  if (io != Io::done) {
    count(shared_.tally.handshakes_failed);
    co_return false;
  }
  if (!parsed.value.source) co_return true;
  peer_ = *parsed.value.source;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(peer_, error);
  const auto key = error ? std::nullopt : shared_.add(address);
  if (!key) {
    count(shared_.tally.refused);
    co_return false;
  }
  key_ = *key;
  co_return true;
}

asio::awaitable<bool> Connection::handshake() {
  openssl::Ssl ssl{::SSL_new(shared_.options.tls.get())};
  auto io = transport_.start_tls(std::move(ssl)) ? transport_.handshake() : Io::closed;
  while (io == Io::want_read || io == Io::want_write) {
    const bool is_ready = co_await ready(io);
    io = is_ready ? transport_.handshake() : Io::closed;
  }
  if (io == Io::closed) count(shared_.tally.handshakes_failed);
  co_return io == Io::done;
}

// A close with unread bytes would reset the connection, and the client would not see our refusal.
asio::awaitable<void> Connection::linger() {
  allow(std::chrono::milliseconds{2000});
  std::size_t discarded = 0;
  while (transport_.discard(discarded) == Io::want_read)
    if (!co_await ready(Io::want_read)) co_return;
}

asio::awaitable<Connection::Next> Connection::serve_one() {
  auto incoming = co_await read_request();
  if (!incoming) co_return Next::close;
  auto& head = incoming->head;
  if (incoming->refusal) {
    count(shared_.tally.requests_refused);
    head.keep_alive = false;
    const auto sent =
        co_await send(plain_refusal(static_cast<int>(*incoming->refusal)), head, false);
    co_return sent ? Next::linger : Next::close;
  }
  const bool is_head_request = head.request.method == "HEAD";
  head.request.peer = peer_;
  head.request.tls = shared_.options.tls != nullptr;
  count(shared_.tally.requests);
  allow_forever();
  auto response = co_await ask_handler(std::move(head.request));
  if (response.socket && head.is_1_1) {
    co_await converse(response);
    co_return Next::linger;
  }
  const bool keep_alive = head.keep_alive && !shared_.stopping.load(std::memory_order_relaxed);
  head.keep_alive = keep_alive && !(response.stream && !response.content_length && !head.is_1_1);
  const bool sent = co_await send(std::move(response), head, is_head_request);
  co_return sent&& head.keep_alive ? Next::request : Next::close;
}

asio::awaitable<std::optional<Connection::Incoming>> Connection::read_request() {
  Incoming incoming;
  reading_head_ = true;
  if (used_)
    allow(in_.empty() ? shared_.options.limits.idle_time : shared_.options.limits.header_time);
  const bool read = co_await read_head(incoming);
  reading_head_ = false;
  used_ = true;
  if (!read) co_return std::nullopt;
  if (incoming.refusal) co_return incoming;

  const auto& request = incoming.head.request;
  const auto& ask = shared_.options.body_limit;
  const auto limit = ask ? ask(request.method, request.path) : shared_.options.limits.body_bytes;
  if (incoming.head.content_length > limit) {
    incoming.refusal = Refusal::too_large;
    co_return incoming;
  }
  if (!incoming.head.chunked && incoming.head.content_length == 0) co_return incoming;
  if (!co_await read_body(incoming, limit)) co_return std::nullopt;
  co_return incoming;
}

asio::awaitable<bool> Connection::read_head(Incoming& incoming) {
  const auto most = shared_.options.limits.header_bytes;
  std::size_t searched = 0;
  while (true) {
    auto parsed = parse_head(in_, most, searched);
    if (parsed.state == Parsed<Head>::State::refused) incoming.refusal = parsed.refusal;
    if (parsed.state != Parsed<Head>::State::more) {
      incoming.head = std::move(parsed.value);
      drop_front(parsed.size);
      co_return true;
    }
    if (ended_ || shared_.stopping.load(std::memory_order_relaxed)) co_return false;
    const bool was_empty = in_.empty();
    if (was_empty) {
      in_ = std::string{};  // an idle connection keeps no buffer
      const bool wait_first = used_ && !transport_.has_pending();
      if (wait_first) {
        if (!co_await ready(Io::want_read)) co_return false;
      }
    }
    if (!co_await receive(in_, most - in_.size())) co_return false;
    if (was_empty && used_) allow(shared_.options.limits.header_time);
  }
}

void Connection::drop_front(std::size_t size) {
  wipe(std::as_writable_bytes(std::span{in_}.first(size)));
  in_.erase(0, size);
}

asio::awaitable<bool> Connection::read_body(Incoming& incoming, std::size_t limit) {
  const auto& limits = shared_.options.limits;
  const auto& head = incoming.head;
  allow_for(limits.body_time, head.chunked ? limit : head.content_length);
  if (head.expects_continue && in_.empty()) {
    if (!co_await write("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
  }
  if (head.chunked) co_return co_await read_chunked_body(incoming, limit);
  co_return co_await read_fixed_body(head, incoming.head.request.body);
}

asio::awaitable<bool> Connection::read_fixed_body(const Head& head, std::string& body) {
  const auto size = static_cast<std::size_t>(head.content_length);
  body.reserve(std::min(size, 4 * one_record));  // more only as it arrives
  body.assign(in_, 0, size);
  drop_front(body.size());
  while (body.size() < size)
    if (!co_await receive(body, size - body.size())) co_return false;
  co_return true;
}

asio::awaitable<bool> Connection::read_chunked_body(Incoming& incoming, std::size_t limit) {
  using State = ChunkedBody::State;
  ChunkedBody chunks{limit};
  while (true) {
    std::size_t taken = 0;
    const auto state = chunks.feed(in_, taken, incoming.head.request.body);
    drop_front(taken);
    if (state == State::refused) incoming.refusal = Refusal::bad_request;
    if (state == State::too_large) incoming.refusal = Refusal::too_large;
    if (state != State::more) co_return true;
    if (!co_await receive(in_, one_record)) co_return false;
  }
}

asio::awaitable<Response> Connection::ask_handler(Request request) {
  const auto exchange = std::make_shared<Exchange<Response>>(loop_.io);
  exchange_ = exchange.get();
  try {
    auto promise = std::make_shared<Promise>(exchange);
    shared_.handler(std::move(request), [promise = std::move(promise)](Response response) {
      promise->answer(std::move(response));
    });
  } catch (const std::exception&) {
    log::error("http_handler_threw");
    exchange->give(plain_refusal(500));
  }
  if (ended_) exchange->give(plain_refusal(503));
  auto response = co_await exchange->take();
  exchange_ = nullptr;
  co_return response;
}

// From here on the connection reads, and its channel writes.
asio::awaitable<void> Connection::converse(const Response& response) {
  const auto& [guest, options] = *response.socket;
  allow(options.first_message);
  loop_.out.clear();
  append_upgrade_head(loop_.out, response, loop_.date());
  if (!co_await write_scratch()) co_return;
  SocketReader reader{options.most_message};
  channel_ = std::make_shared<Channel>(*this, loop_.io, reader, options);
  guest->opened(channel_);
  if (shared_.stopping.load(std::memory_order_relaxed)) leave();
  co_await read_messages(reader, *guest, options.silence);
  channel_->detach();
  channel_ = nullptr;
  guest->closed();
}

asio::awaitable<void> Connection::read_messages(SocketReader& reader, SocketGuest& guest,
                                                std::chrono::milliseconds silence) {
  using State = SocketReader::State;
  while (true) {
    std::size_t taken = 0;
    SocketMessage message;
    const auto state = reader.feed(in_, taken, message);
    drop_front(taken);
    if (state == State::refused) {
      channel_->refuse();
      break;
    }
    if (state == State::message) {
      if (!take_message(std::move(message), guest)) break;
      continue;
    }
    while (channel_->is_held() && !ended_) {
      allow_forever();
      co_await channel_->change();
    }
    if (channel_->is_quiet_limited()) allow(silence);
    if (!co_await receive(in_, one_record)) co_return;
  }
  // What is queued goes out before the end; what the peer still sends is not looked at.
  while (!ended_ && !channel_->is_flushed()) co_await channel_->change();
}

/// False once no more is to be read.
bool Connection::take_message(SocketMessage message, SocketGuest& guest) {
  if (message.kind == SocketKind::close) {
    channel_->answer_close(message.code);
    return false;
  }
  if (channel_->is_closing() || message.kind == SocketKind::pong) return true;
  if (message.kind == SocketKind::ping)
    channel_->answer_ping(bytes::of(message.data));
  else {
    channel_->heard();
    guest.message(std::move(message));
  }
  return true;
}

asio::awaitable<bool> Connection::send(Response response, const Head& head, bool is_head_request) {
  if (!is_sound(response)) {
    log::error("http_unsound_answer", {{"status", response.status}});
    response = plain_refusal(500);
  }
  const auto how = delimiting_of(response, head, head.keep_alive);
  auto body =
      is_head_request || has_no_body(response.status) ? std::string_view{} : body_of(response);
  loop_.out.clear();
  append_head(loop_.out, response, how, loop_.date());
  if (response.stream && !is_head_request) co_return co_await send_stream(response, how);

  const auto joined = body.substr(0, one_record - std::min(one_record, loop_.out.size()));
  loop_.out.append(joined);
  body.remove_prefix(joined.size());
  allow_for(shared_.options.limits.write_time, body.size());
  if (!co_await write_scratch()) co_return false;
  if (!body.empty()) co_return co_await write(body);
  co_return true;
}

asio::awaitable<bool> Connection::send_stream(Response& response, const Delimiting& how) {
  auto left = how.length.value_or(~std::uint64_t{0});
  allow(shared_.options.limits.write_time);
  if (!co_await write_scratch()) co_return false;
  while (true) {
    allow_forever();
    const auto piece = co_await next_piece(response.stream);
    if (!piece) log::error("http_stream_failed", piece.error());
    if (!piece || ended_) co_return false;
    if (!*piece) break;
    const BytesView data{**piece};
    if (data.empty()) continue;
    if (data.size() > left) co_return false;
    left -= data.size();
    allow_for(shared_.options.limits.write_time, data.size());
    std::string chunk;
    if (how.chunked) append_chunk(chunk, data);
    const auto out = how.chunked ? std::string_view{chunk} : bytes::text(data);
    if (!co_await write(out)) co_return false;
  }
  if (!how.chunked) co_return !how.length || left == 0;
  allow(shared_.options.limits.write_time);
  co_return co_await write("0\r\n\r\n");
}

asio::awaitable<Result<std::optional<Bytes>>> Connection::next_piece(const Stream& stream) {
  using Piece = Result<std::optional<Bytes>>;
  const auto exchange = std::make_shared<Exchange<Piece>>(loop_.io);
  shared_.pool.submit([&stream, exchange] {
    try {
      exchange->give(stream());
    } catch (const std::exception&) {
      exchange->give(Piece{Error{Code::internal, "a stream threw an exception"}});
    }
  });
  co_return co_await exchange->take();
}

asio::awaitable<bool> Connection::receive(std::string& into, std::size_t most) {
  while (true) {
    const auto io = transport_.read(into, most);
    if (io == Io::done) break;
    if (!co_await ready(io)) co_return false;
  }
  // Whoever sends without a pause must not keep this thread from the others.
  if (++burst_ >= most_burst) {
    burst_ = 0;
    co_await asio::post(loop_.io, asio::use_awaitable);
  }
  co_return !ended_;
}

/// `data` stays where it is until this has ended.
asio::awaitable<bool> Connection::write(std::string_view data) {
  auto io = transport_.write(data);
  while (io == Io::want_read || io == Io::want_write) {
    if (!co_await ready(io)) co_return false;
    io = transport_.write(data);
  }
  co_return io == Io::done;
}

/// Nearly always at once. Where not, the rest needs a place of its own: others use loop_.out.
asio::awaitable<bool> Connection::write_scratch() {
  std::string_view data = loop_.out;
  const auto io = transport_.write(data);
  if (io == Io::done || io == Io::closed) co_return io == Io::done;
  const std::string rest{data};
  if (!co_await ready(io)) co_return false;
  co_return co_await write(rest);
}

asio::awaitable<bool> Connection::ready(Io want) {
  if (ended_ || want == Io::closed) co_return false;
  burst_ = 0;
  const auto what = want == Io::want_write ? Socket::wait_write : Socket::wait_read;
  const auto [error] = co_await socket_.async_wait(what, asio::as_tuple(asio::use_awaitable));
  co_return !error && !ended_;
}

}  // namespace sp::http::internal
