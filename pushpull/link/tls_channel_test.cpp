#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "base/random/random.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "base/tls/certificate.h"
#include "pushpull/link/edge_server_fixture.h"
#include "pushpull/link/internal/http_head.h"
#include "pushpull/link/link.h"
#include "pushpull/outbox/memory_outbox.h"

namespace sp::pushpull {
namespace {

using State = MemoryOutbox::Message::State;
using std::chrono::steady_clock;

std::optional<internal::Head> head(std::string_view text) {
  const auto parsed = internal::parse_head(bytes::of(text));
  return parsed ? *parsed : std::nullopt;
}
bool refused(std::string_view text) {
  return !internal::parse_head(bytes::of(text)).has_value();
}
bool is_place(const std::string& url) {
  return internal::parse_place(url).has_value();
}
bool comes(const std::function<bool()>& condition) {
  const auto until = steady_clock::now() + std::chrono::seconds{30};
  while (!condition()) {
    if (steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

/// An edge behind a real server.
struct Served {
  OsRandom random;
  sp::testing::ManualClock clock;
  tls::Identity identity = sp::testing::test_identity();
  Pin pin = testing::pin_of(identity);
  NewLink made =
      make_link(EdgeId::random(random), "selfdestruct", "selfdestruct", random, clock.now());
  testing::Edge edge{clock, random, pin};
  testing::EdgeServer server{edge, identity};

  Served() {
    edge.enrol(made.kit);
    edge.start();
  }
};

}  // namespace

TEST_CASE("an address is https, a host and a port", "[link]") {
  CHECK(is_place("https://edge.example.org:9443"));
  CHECK(is_place("https://127.0.0.1:9443/"));
  CHECK(internal::parse_place("https://[::1]:9443")->host == "::1");
  CHECK_FALSE(is_place("http://edge.example.org:9443"));
  CHECK_FALSE(is_place("https://edge.example.org"));
  CHECK_FALSE(is_place("https://edge.example.org:0"));
  CHECK_FALSE(is_place("https://edge.example.org:99999"));
  CHECK_FALSE(is_place("https://edge.example.org:9443/path"));
  CHECK_FALSE(is_place("https://user@edge.example.org:9443"));
  CHECK_FALSE(is_place("https://edge\r\nHost: x:9443"));
}

TEST_CASE("an edge that is away is named with what to look at", "[link]") {
  const auto told = [](const std::string& url) {
    return (*tls_channel(url))->exchange({{}, std::chrono::seconds{5}, {}}).error().detail();
  };

  CHECK(told("https://127.0.0.1:1").starts_with("nothing listens at 127.0.0.1:1. "));
  CHECK(told("https://edge.invalid:9443").starts_with("the name edge.invalid was not found. "));
}

TEST_CASE("an answer's head is read strictly", "[link]") {
  CHECK_FALSE(head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n").has_value());
  CHECK(head("HTTP/1.1 200 OK\r\ncontent-length:  5 \r\n\r\n12345")->body_size == 5);
  CHECK(head("HTTP/1.1 400 \r\nContent-Length: 0\r\nConnection: Close\r\n\r\n")->closes);
  CHECK(refused("HTTP/1.1 200 OK\r\n\r\n"));
  CHECK(refused("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"));
  CHECK(refused("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"));
  CHECK(refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  CHECK(refused("HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n"));
  CHECK(refused("SSH-2.0-x\r\n\r\n"));
}

TEST_CASE("a message goes and its view comes over real TLS", "[link][promise-6]") {
  Served site;
  MemoryOutbox outbox{site.made.keys.copy(), site.random};
  Link link{LinkOptions{.version = "0.1.0"},
            tls_channel(site.server.url()).value(),
            tls_channel(site.server.url()).value(),
            outbox,
            site.clock,
            site.random};
  const auto id = site.random.bytes<32>();
  const auto key = bytes::copy(id);
  outbox.add(kind::message_put, id, Bytes(64));
  link.wake();
  REQUIRE(comes([&] { return outbox.messages().at(key).state == State::live; }));

  const auto viewed_at = steady_clock::now();
  REQUIRE(site.edge.view(id));
  REQUIRE(comes([&] { return outbox.messages().at(key).state == State::ended; }));
  const auto took = steady_clock::now() - viewed_at;
  const auto stop_at = steady_clock::now();
  link.stop();

  CHECK(took < std::chrono::seconds{2});  // the long poll was woken and did not run out
  CHECK(steady_clock::now() - stop_at < std::chrono::seconds{2});
  CHECK(outbox.keys()->pin == site.pin);
}

TEST_CASE("nothing is sent to a TLS key that is not the pinned one", "[link]") {
  Served site;
  const auto channel = tls_channel(site.server.url()).value();

  const auto other = channel->exchange({{}, Duration{5000}, Pin::random(site.random)});
  const auto right = channel->exchange({{}, Duration{5000}, site.pin});

  CHECK(other.error().code() == Code::forbidden);
  CHECK(right->status == 200);
}

TEST_CASE("another TLS key is spoken to when its certificate is vouched for", "[link]") {
  Served served;
  const auto channel = *tls_channel(served.server.url());
  Pin seen;
  Bytes leaf;
  const auto ask = [&](bool vouched) {
    const Vouch vouch = [&, vouched](const Pin& pin, BytesView der) {
      seen = pin;
      leaf = bytes::copy(der);
      return vouched;
    };
    return channel->exchange({{}, std::chrono::seconds{5}, Pin{}, vouch});
  };

  CHECK(ask(false).error().code() == Code::forbidden);
  CHECK(ask(true)->status == 200);

  CHECK(seen == served.pin);
  const auto shown = tls::parse_der(leaf);
  REQUIRE(shown);
  CHECK(Pin{tls::spki_pin(**shown)} == served.pin);
  CHECK_FALSE(tls::parse_der(BytesView{leaf}.first(leaf.size() - 1)));
}

TEST_CASE("a proof made for another TLS key does not enrol", "[link]") {
  // Somebody in between, with a certificate of his own, hands the edge's true answer through.
  Served site;
  testing::EdgeServer between{site.edge, sp::testing::test_identity()};
  MemoryOutbox outbox{site.made.keys.copy(), site.random};

  Link link{LinkOptions{.version = "0.1.0"},
            tls_channel(between.url()).value(),
            tls_channel(between.url()).value(),
            outbox,
            site.clock,
            site.random};

  CHECK(comes([&] { return link.health().light == Light::red; }));
  CHECK_FALSE(outbox.keys()->edge_key.has_value());
}

TEST_CASE("a server that was restarted is reached again by the same channel", "[link]") {
  Served site;
  const auto channel = tls_channel(site.server.url()).value();
  REQUIRE(channel->exchange({{}, Duration{5000}, {}}).has_value());
  CHECK(channel->exchange({{}, Duration{5000}, {}}).has_value());

  site.server.stop();

  CHECK(channel->exchange({{}, Duration{2000}, {}}).error().code() == Code::unavailable);
}

TEST_CASE("an edge that accepts and says nothing costs no more than the patience", "[link]") {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listener, 4) == 0);
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  const auto channel =
      tls_channel("https://127.0.0.1:" + std::to_string(ntohs(address.sin_port))).value();
  const auto start = steady_clock::now();

  const auto slow = channel->exchange({{}, Duration{300}, {}});
  const auto waited = steady_clock::now() - start;
  std::jthread stopper{[&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    channel->stop();
  }};
  const auto stopped = channel->exchange({{}, Duration{30'000}, {}});

  CHECK(slow.error().code() == Code::unavailable);
  CHECK(waited < std::chrono::seconds{3});
  CHECK(stopped.error().code() == Code::unavailable);
  CHECK(steady_clock::now() - start < std::chrono::seconds{5});
  ::close(listener);
}

}  // namespace sp::pushpull
