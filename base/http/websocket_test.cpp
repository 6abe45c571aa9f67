#include "base/http/websocket.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/http/server.h"
#include "base/testing/catch.h"
#include "base/testing/socket_client.h"
#include "base/testing/test_identity.h"

namespace sp::http {
namespace {

using namespace std::chrono_literals;
using testing::SocketClient;
using State = SocketReader::State;

constexpr unsigned char fin = 0x80;

/// A frame as a client sends it.
std::string frame(unsigned first, std::string_view data,
                  std::string_view mask = "\x01\x02\x03\x04") {
  bytes::Writer head;
  head.u8(static_cast<std::uint8_t>(first));
  if (data.size() < 126)
    head.u8(static_cast<std::uint8_t>(0x80U | data.size()));
  else if (data.size() < 65'536)
    head.u8(0x80U | 126U).u16(static_cast<std::uint16_t>(data.size()));
  else
    head.u8(0x80U | 127U).u64(data.size());
  std::string out{bytes::text(head.view())};
  out += mask;
  for (std::size_t i = 0; i < data.size(); ++i)
    out.push_back(static_cast<char>(data[i] ^ mask[i % 4]));
  return out;
}

/// What all of `input` comes to: the messages, or the code of its refusal.
struct Read {
  std::vector<SocketMessage> messages;
  std::uint16_t refusal = 0;
};
Read read(std::string_view input, std::size_t most = 1'000, std::size_t piece = 1'000'000) {
  SocketReader reader{most};
  Read out;
  while (!input.empty()) {
    std::size_t taken = 0;
    SocketMessage message;
    const auto state = reader.feed(input.substr(0, piece), taken, message);
    input.remove_prefix(taken);
    if (state == State::message) out.messages.push_back(message);
    if (state == State::refused) return {std::move(out.messages), reader.refusal()};
  }
  return out;
}

}  // namespace

TEST_CASE("the example of RFC 6455 section 5.7 is read", "[http][websocket]") {
  const std::string masked{"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11};

  const auto [messages, refusal] = read(masked);

  REQUIRE(messages.size() == 1);
  CHECK(messages[0].kind == SocketKind::text);
  CHECK(messages[0].data == "Hello");
}

TEST_CASE("messages are put together from fragments, with control frames between",
          "[http][websocket]") {
  const auto input = frame(0x02, "ab") + frame(fin | 0x09U, "p") + frame(0x00, "") +
                     frame(fin | 0x00U, "cd") + frame(fin | 0x01U, std::string(300, 'x'));
  const auto piece = GENERATE(1, 2, 3, 7, 1000);

  const auto [messages, refusal] = read(input, 1'000, static_cast<std::size_t>(piece));

  CHECK(refusal == 0);
  REQUIRE(messages.size() == 3);
  CHECK(messages[0].kind == SocketKind::ping);
  CHECK(messages[1].data == "abcd");
  CHECK(messages[1].kind == SocketKind::binary);
  CHECK(messages[2].data.size() == 300);
}

TEST_CASE("a close says its code", "[http][websocket]") {
  const auto with = read(frame(fin | 0x08U, std::string{"\x03\xe8"} + "bye"));
  const auto without = read(frame(fin | 0x08U, ""));

  REQUIRE(with.messages.size() == 1);
  CHECK(with.messages[0].code == 1000);
  CHECK(with.messages[0].data == "bye");
  REQUIRE(without.messages.size() == 1);
  CHECK(without.messages[0].code == 0);
}

TEST_CASE("what no client may send is refused", "[http][websocket]") {
  const auto [input, code] = GENERATE(table<std::string, int>({
      {std::string{"\x81\x05Hello", 7}, 1002},                 // no mask
      {frame(fin | 0x41U, "x"), 1002},                         // a reserved bit
      {frame(fin | 0x03U, "x"), 1002},                         // a reserved opcode
      {frame(fin | 0x0BU, "x"), 1002},                         // of a control frame
      {frame(fin | 0x00U, "x"), 1002},                         // goes on with nothing
      {frame(0x01, "x") + frame(0x01, "x"), 1002},             // begins inside another
      {frame(0x09, "x"), 1002},                                // a ping in parts
      {frame(fin | 0x09U, std::string(126, 'x')), 1002},       // a long ping
      {frame(fin | 0x08U, "x"), 1002},                         // half a code
      {frame(fin | 0x08U, std::string{"\x03\xed", 2}), 1002},  // 1005
      {frame(fin | 0x08U, std::string{"\x00\x00", 2}), 1002},  // 0
      {frame(fin | 0x01U, "\xc3\x28"), 1007},                  // no UTF-8
      {frame(fin | 0x02U, std::string(1'001, 'x')), 1009},     // too large
      {frame(0x02, std::string(600, 'x')) + frame(0x00, std::string(401, 'x')), 1009},
      {std::string{"\x82\xfe\x00\x05\x01\x02\x03\x04", 8}, 1002},  // a long form of 5
      {std::string{"\x82\xff\x00\x00\x00\x00\x00\x00\x00\x05", 10} + "abcd", 1002},
      {std::string{"\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00", 10} + "abcd", 1002},
  }));

  CHECK(read(input).refusal == code);
  CHECK(read(input, 1'000, 1).refusal == code);
}

TEST_CASE("a server's frames have the shortest length and no mask", "[http][websocket]") {
  std::string small;
  std::string middle;
  std::string large;
  append_frame(small, SocketKind::text, bytes::of("Hello"));
  append_frame(middle, SocketKind::binary, Bytes(256));
  append_frame(large, SocketKind::binary, Bytes(65'536));

  CHECK(small == std::string{"\x81\x05Hello", 7});
  CHECK(middle.substr(0, 4) == std::string{"\x82\x7e\x01\x00", 4});
  CHECK(large.substr(0, 10) == std::string{"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10});
}

namespace {

Request opening() {
  Request out;
  out.method = "GET";
  out.path = "/ws";
  out.headers = {{"Host", "h"},
                 {"Upgrade", "websocket"},
                 {"Connection", "keep-alive, Upgrade"},
                 {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                 {"Sec-WebSocket-Version", "13"},
                 {"Sec-WebSocket-Protocol", "other, mine"}};
  return out;
}
int status_of(const Request& request) {
  return accept_socket(request, "mine", nullptr, {}).status;
}
void change(Request& request, std::string_view name, std::string_view value) {
  for (auto& [key, old] : request.headers)
    if (key == name) old = value;
}

}  // namespace

TEST_CASE("the opening of RFC 6455 section 1.3 is answered", "[http][websocket]") {
  const auto answer = accept_socket(opening(), "mine", nullptr, {});

  CHECK(answer.status == 101);
  CHECK(find(answer.headers, "Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(find(answer.headers, "Sec-WebSocket-Protocol") == "mine");
}

TEST_CASE("what is no opening of ours is refused", "[http][websocket]") {
  const auto [name, value, status] = GENERATE(table<std::string, std::string, int>({
      {"Upgrade", "h2c", 400},
      {"Connection", "keep-alive", 400},
      {"Sec-WebSocket-Key", "short", 400},
      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=!", 400},
      {"Sec-WebSocket-Version", "8", 426},
      {"Sec-WebSocket-Protocol", "Mine", 400},
  }));
  auto request = opening();
  change(request, name, value);
  auto posted = opening();
  posted.method = "POST";

  CHECK(status_of(request) == status);
  CHECK(status_of(posted) == 405);
}

namespace {

/// Remembers what came, says it again.
class Echo final : public SocketGuest {
 public:
  void opened(std::shared_ptr<Socket> socket) override {
    const std::lock_guard lock{mutex_};
    socket_ = std::move(socket);
    changed_.notify_all();
  }
  void message(SocketMessage message) override {
    socket_->allow(100'000);
    if (message.data == "close") return socket_->close(4404);
    socket_->send(message.kind, bytes::of(message.data));
  }
  void closed() override {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    changed_.notify_all();
  }
  std::shared_ptr<Socket> socket() {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, 10s, [this] { return socket_ != nullptr; });
    return socket_;
  }
  bool is_closed() {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, 10s, [this] { return closed_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Socket> socket_;
  bool closed_ = false;
};

const std::string asked =
    "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: mine\r\n\r\n";

struct Stage {
  std::shared_ptr<Echo> echo = std::make_shared<Echo>();
  std::unique_ptr<Server> server;

  explicit Stage(SocketOptions socket = {}, bool tls = true) {
    Options options;
    options.listen = "127.0.0.1:0";
    options.io_threads = 2;
    if (tls) options.tls = *tls::public_server(testing::test_identity());
    server = *Server::start(std::move(options),
                            [this, socket](const Request& request, const Reply& reply) {
                              reply(accept_socket(request, "mine", echo, socket));
                            });
  }
  SocketClient client(bool tls = true) const {
    SocketClient out{server->port()};
    if (tls) REQUIRE(out.start_tls());
    out.send(asked);
    REQUIRE(out.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    return out;
  }
};

std::string closing(std::uint16_t code) {
  std::string out;
  append_close(out, code);
  return out;
}

}  // namespace

TEST_CASE("a WebSocket under TLS says what it hears, large things too", "[http][websocket]") {
  const Stage stage;
  auto client = stage.client();
  const std::string large(90'000, 'y');

  client.send(frame(fin | 0x01U, "hello"));
  const auto first = client.read_until("hello");
  client.send(frame(fin | 0x02U, large));
  const auto second = client.read_until(large);

  CHECK(first == std::string{"\x81\x05hello", 7});
  CHECK(second.size() == large.size() + 10);
}

TEST_CASE("what a guest sends from its own thread arrives, in order", "[http][websocket]") {
  const Stage stage;
  auto client = stage.client();
  const auto socket = stage.echo->socket();
  const Bytes part(50'000);

  std::jthread sending{[&] {
    for (int i = 0; i < 100; ++i) socket->send(SocketKind::binary, part);
    socket->send(SocketKind::text, bytes::of("last"));
  }};
  const auto all = client.read_until("last");

  CHECK(all.size() == 100 * 50'004 + 6);
  CHECK(socket->queued() == 0);
}

TEST_CASE("a first message that does not come is refused by the guest's code",
          "[http][websocket]") {
  const Stage stage{{.refusal = 4404, .first_message = 200ms}};
  auto client = stage.client();
  client.send(frame(fin | 0x09U, ""));

  const auto said = client.read_to_end();

  CHECK(said.ends_with(closing(4404)));
  CHECK(stage.echo->is_closed());
}

TEST_CASE("whatever is wrong before the guest allows more has one code, then its own",
          "[http][websocket]") {
  const Stage stage{{.most_message = 10, .refusal = 4404}};
  auto early = stage.client();
  auto late = stage.client();

  early.send(frame(fin | 0x01U, "eleven bytes"));
  late.send(frame(fin | 0x01U, "hi"));
  late.read_until("hi");
  late.send(frame(fin | 0x02U, std::string(100'001, 'x')));

  CHECK(early.read_to_end().ends_with(closing(4404)));
  CHECK(late.read_to_end().ends_with(closing(1009)));
}

TEST_CASE("a close is answered, and one of ours ends the connection", "[http][websocket]") {
  const Stage stage;
  auto client = stage.client();
  auto other = stage.client();

  client.send(frame(fin | 0x08U, std::string{"\x03\xe9", 2}));
  other.send(frame(fin | 0x01U, "close"));
  const auto told = other.read_until(closing(4404));
  other.send(frame(fin | 0x08U, std::string{"\x11\x34", 2}));

  CHECK(client.read_to_end() == closing(1001));
  CHECK(told == closing(4404));
  CHECK(other.read_to_end().empty());
}

TEST_CASE("a peer is pinged, and lost when no byte comes", "[http][websocket]") {
  const Stage stage{{.ping = 100ms, .silence = 400ms}, false};
  auto client = stage.client(false);
  client.send(frame(fin | 0x01U, "hi"));

  const auto said = client.read_to_end();

  CHECK(said.find(std::string{"\x89\x00", 2}) != std::string::npos);
  CHECK(stage.echo->is_closed());
}

TEST_CASE("a guest that holds its socket is sent nothing until it goes on", "[http][websocket]") {
  const Stage stage{{}, false};
  auto client = stage.client(false);
  const auto socket = stage.echo->socket();
  client.send(frame(fin | 0x01U, "one"));
  client.read_until("one");

  socket->hold();
  client.send(frame(fin | 0x01U, "two"));
  client.read_until("two");  // one that was being waited for may come
  client.send(frame(fin | 0x01U, "three"));
  const bool is_quiet = !client.is_closed_within(200ms);
  socket->release();

  CHECK(is_quiet);
  CHECK(client.read_until("three").ends_with("three"));
}

TEST_CASE("a server that stops tells its WebSockets and does not wait for ever",
          "[http][websocket]") {
  Stage stage;
  auto client = stage.client();
  const auto start = std::chrono::steady_clock::now();

  std::jthread stopping{[&] { stage.server->stop(); }};

  CHECK(client.read_to_end() == closing(1001));
  stopping.join();
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  CHECK(stage.echo->is_closed());
}

}  // namespace sp::http
