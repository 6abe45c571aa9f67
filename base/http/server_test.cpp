#include "base/http/server.h"

#include <atomic>
#include <latch>
#include <mutex>
#include <thread>

#include "base/testing/catch.h"
#include "base/testing/socket_client.h"
#include "base/testing/test_identity.h"
#include "base/tls/context.h"

namespace sp::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::SocketClient;

Options plain() {
  Options options;
  options.listen = "127.0.0.1:0";
  options.io_threads = 2;
  options.limits.stop_time = milliseconds{3000};
  return options;
}

std::unique_ptr<Server> started(Options options, Handler handler) {
  auto server = Server::start(std::move(options), std::move(handler));
  if (!server) FAIL(server.error().detail());
  return *std::move(server);
}

/// Says what it got: method, path, query, body.
void echo(const Request& request, const Reply& reply) {
  Response response;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
  reply(std::move(response));
}

std::string get(std::string_view target) {
  return "GET " + std::string{target} + " HTTP/1.1\r\nHost: h\r\n\r\n";
}
std::string get_and_close(std::string_view target) {
  return "GET " + std::string{target} + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
}

std::string answer_to(const Server& server, std::string_view request) {
  SocketClient client{server.port()};
  client.send(request);
  return client.read_to_end();
}

std::string_view status_of(std::string_view answer) {
  return answer.substr(0, answer.find("\r\n"));
}
std::string_view body_of(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view{} : answer.substr(end + 4);
}
bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

milliseconds since(steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

/// Sends one byte of `what` every 50 ms until the server closes; says how long that took.
milliseconds time_until_cut(SocketClient& client, std::string_view what) {
  const auto start = steady_clock::now();
  for (const char byte : what) {
    if (!client.send({&byte, 1}) || client.is_closed_within(milliseconds{50})) return since(start);
  }
  return milliseconds{-1};
}

/// `count` pieces of 64 KiB, each filled with its number.
Stream pieces(int count, std::atomic<int>& made) {
  return [count, &made, next = 0]() mutable -> Result<std::optional<Bytes>> {
    if (next == count) return std::optional<Bytes>{};
    ++made;
    return Bytes(65536, static_cast<std::byte>(next++));
  };
}

TEST_CASE("a request is answered with what the handler gave", "[http]") {
  const auto server = started(plain(), echo);

  const auto answer = answer_to(
      *server,
      "POST /a/b?c=d HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody");

  CHECK(status_of(answer) == "HTTP/1.1 200 OK");
  CHECK(contains(answer, "\r\nContent-Type: text/plain\r\n"));
  CHECK(contains(answer, "\r\nContent-Length: 18\r\n"));
  CHECK(contains(answer, "\r\nConnection: close\r\n"));
  CHECK(contains(answer, "\r\nDate: "));
  CHECK(body_of(answer) == "POST /a/b?c=d body");
}

TEST_CASE("a connection is kept and used again, HEAD has no body", "[http]") {
  const auto server = started(plain(), echo);
  SocketClient client{server->port()};

  client.send(get("/1"));
  const auto first = client.read_until("/1? ");
  client.send("HEAD /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto second = client.read_until("\r\n\r\n");
  client.send(get_and_close("/3"));
  const auto third = client.read_to_end();

  CHECK(contains(first, "GET /1? "));
  CHECK(contains(second, "\r\nContent-Length: 9\r\n"));
  CHECK(body_of(second).empty());
  CHECK(body_of(third) == "GET /3? ");
}

TEST_CASE("requests sent at once are answered in their order", "[http]") {
  std::mutex mutex;
  std::vector<std::jthread> later;
  const auto server = started(plain(), [&](Request request, Reply reply) {
    if (request.path == "/now") return echo(request, reply);
    const std::lock_guard lock{mutex};
    later.emplace_back([request = std::move(request), reply = std::move(reply)] {
      std::this_thread::sleep_for(milliseconds{30});
      echo(request, reply);
    });
  });
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += get(i % 3 == 0 ? "/later" : "/now");

  const auto answer = answer_to(*server, requests + get_and_close("/last"));

  std::size_t at = 0;
  std::string order;
  while ((at = answer.find("GET /", at)) != std::string::npos) order += answer[at++ + 5];
  CHECK(order == "lnnlnnlnnlnnlnnlnnlnl");
}

TEST_CASE("a body that follows its head in small pieces is put together", "[http]") {
  const auto server = started(plain(), echo);
  SocketClient client{server->port()};

  client.send(
      "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nab");
  std::this_thread::sleep_for(milliseconds{20});
  client.send("c\r\nA;x=y\r\n0123456");
  std::this_thread::sleep_for(milliseconds{20});
  client.send("789\r\n0\r\nTrailer: no\r\n\r\n");

  CHECK(body_of(client.read_to_end()) == "POST /? abc0123456789");
}

TEST_CASE("100-continue is said to those who ask, and not when the body is too large", "[http]") {
  auto options = plain();
  options.body_limit = [](std::string_view, std::string_view path) -> std::size_t {
    return path == "/small" ? 3 : 100;
  };
  const auto server = started(std::move(options), echo);
  SocketClient client{server->port()};
  const std::string_view rest =
      " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: "
      "4\r\n\r\n";

  client.send("POST /large" + std::string{rest});
  const auto interim = client.read_until("\r\n\r\n");
  client.send("body");
  const auto final = client.read_to_end();
  const auto refused = answer_to(*server, "POST /small" + std::string{rest});

  CHECK(interim == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(body_of(final) == "POST /large? body");
  CHECK(status_of(refused) == "HTTP/1.1 413 Content Too Large");
}

TEST_CASE("malformed and ambiguous requests are answered and the connection is closed", "[http]") {
  std::atomic<int> reached = 0;
  const auto server = started(plain(), [&](const Request& request, const Reply& reply) {
    ++reached;
    echo(request, reply);
  });
  const auto [request, status] = GENERATE(table<std::string, std::string>({
      {"GET / HTTP/1.1\nHost: h\n\n", "400"},
      {"GET / HTTP/1.1\r\n\r\n", "400"},
      {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505"},
      {"\x16\x03\x01 / HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\n",
       "400"},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "501"},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
      {"POST / HTTP/1.1\r\nHost: h\r\nExpect: coffee\r\n\r\n", "417"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n", "413"},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n", "413"},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", "431"},
  }));

  const auto answer = answer_to(*server, request + get("/smuggled"));

  CHECK(status_of(answer).substr(0, 13) == "HTTP/1.1 " + status + " ");
  CHECK(contains(answer, "\r\nConnection: close\r\n"));
  CHECK_FALSE(contains(body_of(answer), "HTTP/1.1"));
  CHECK(reached == 0);
}

TEST_CASE("a head that drips is cut at its deadline", "[http][slow]") {
  auto options = plain();
  options.limits.header_time = milliseconds{600};
  const auto server = started(std::move(options), echo);
  SocketClient dripping{server->port()};
  SocketClient silent{server->port()};
  SocketClient second_request{server->port()};
  second_request.send(get("/"));
  second_request.read_until("GET /? ");

  const auto first = time_until_cut(dripping, get(std::string(200, '/')));
  const auto second = time_until_cut(second_request, get(std::string(200, '/')));

  CHECK(first >= milliseconds{500});
  CHECK(first < milliseconds{1500});
  CHECK(second >= milliseconds{500});
  CHECK(second < milliseconds{1500});
  CHECK(silent.is_closed_within(milliseconds{1}));
  CHECK(server->counters().deadlines_missed == 3);
}

TEST_CASE("a body that drips is cut at its deadline", "[http][slow]") {
  auto options = plain();
  options.limits.body_time = milliseconds{600};
  const auto server = started(std::move(options), echo);
  SocketClient client{server->port()};
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");

  const auto time = time_until_cut(client, std::string(200, 'x'));

  CHECK(time >= milliseconds{500});
  CHECK(time < milliseconds{1500});
}

TEST_CASE("a reader that stands still is cut at its deadline", "[http][slow]") {
  auto options = plain();
  options.limits.write_time = milliseconds{500};
  options.limits.slowest = 1 << 30;
  const auto server = started(std::move(options), [](const Request&, const Reply& reply) {
    Response response;
    response.body = std::string(64 << 20, 'x');
    reply(std::move(response));
  });
  SocketClient client{server->port()};
  client.send(get("/"));
  client.read_until("\r\n\r\n");
  const auto start = steady_clock::now();

  while (server->counters().connections_open > 0 && since(start) < milliseconds{5000})
    std::this_thread::sleep_for(milliseconds{20});

  CHECK(since(start) >= milliseconds{400});
  CHECK(since(start) < milliseconds{2500});
  CHECK(client.read_to_end().size() < (64U << 20));
}

TEST_CASE("an idle connection is closed after its time", "[http][slow]") {
  auto options = plain();
  options.limits.idle_time = milliseconds{400};
  const auto server = started(std::move(options), echo);
  SocketClient client{server->port()};
  client.send(get("/"));
  client.read_until("GET /? ");

  CHECK_FALSE(client.is_closed_within(milliseconds{250}));
  CHECK(client.is_closed_within(milliseconds{1000}));
  CHECK(server->counters().deadlines_missed == 0);
}

TEST_CASE("one address holds no more connections than allowed", "[http]") {
  auto options = plain();
  options.limits.connections_per_address = 3;
  options.limits.exempt_loopback = false;
  const auto server = started(std::move(options), echo);
  std::vector<SocketClient> held;
  for (int i = 0; i < 3; ++i) {
    held.emplace_back(server->port());
    held.back().send(get("/"));
    held.back().read_until("GET /? ");
  }

  SocketClient refused{server->port()};
  CHECK(refused.is_closed_within(milliseconds{2000}));
  CHECK(server->counters().connections_refused == 1);
  held.pop_back();
  std::string answer;
  for (int i = 0; i < 100 && answer.empty(); ++i)
    answer = answer_to(*server, get_and_close("/again"));

  CHECK(body_of(answer) == "GET /again? ");
}

TEST_CASE("a full server makes room by closing an idle connection, never a busy one", "[http]") {
  auto options = plain();
  options.io_threads = 1;
  options.limits.connections = 2;
  std::mutex mutex;
  std::vector<Reply> waiting;
  const auto server = started(std::move(options), [&](const Request& request, const Reply& reply) {
    const std::lock_guard lock{mutex};
    if (request.path == "/wait")
      waiting.push_back(reply);
    else
      echo(request, reply);
  });
  SocketClient busy{server->port()};
  busy.send(get_and_close("/wait"));
  SocketClient idle{server->port()};
  idle.send(get("/"));
  idle.read_until("GET /? ");

  const auto answer = answer_to(*server, get_and_close("/new"));

  CHECK(body_of(answer) == "GET /new? ");
  CHECK(idle.is_closed_within(milliseconds{1000}));
  const std::lock_guard lock{mutex};
  REQUIRE(waiting.size() == 1);
  waiting.front()(Response{});
  CHECK(status_of(busy.read_to_end()) == "HTTP/1.1 200 OK");
}

TEST_CASE("an answer may come later and from another thread, and a dropped one is a 500",
          "[http]") {
  std::vector<std::jthread> threads;
  const auto server = started(plain(), [&](const Request& request, Reply reply) {
    if (request.path == "/dropped") return;
    if (request.path == "/thrown") throw std::runtime_error{"oops"};
    threads.emplace_back([reply = std::move(reply)] {
      std::this_thread::sleep_for(milliseconds{50});
      Response response;
      response.status = 410;
      reply(response);
      reply(response);
    });
  });

  CHECK(status_of(answer_to(*server, get_and_close("/later"))) == "HTTP/1.1 410 Gone");
  CHECK(status_of(answer_to(*server, get_and_close("/dropped"))) ==
        "HTTP/1.1 500 Internal Server Error");
  CHECK(status_of(answer_to(*server, get_and_close("/thrown"))) ==
        "HTTP/1.1 500 Internal Server Error");
}

TEST_CASE("an answer that would split the response is replaced", "[http]") {
  const auto server = started(plain(), [](const Request&, const Reply& reply) {
    Response response;
    response.headers = {{"X-Name", "a\r\nSet-Cookie: b"}};
    reply(std::move(response));
  });

  const auto answer = answer_to(*server, get_and_close("/"));

  CHECK(status_of(answer) == "HTTP/1.1 500 Internal Server Error");
  CHECK_FALSE(contains(answer, "Set-Cookie"));
}

TEST_CASE("a stream is sent with its length, or chunked without", "[http]") {
  std::atomic<int> made = 0;
  const auto server = started(plain(), [&](const Request& request, const Reply& reply) {
    Response response;
    response.stream = pieces(40, made);
    if (request.path == "/exact") response.content_length = 40 * 65536;
    if (request.path == "/short") response.content_length = 41 * 65536;
    if (request.path == "/long") response.content_length = 40 * 65536 - 1;
    reply(std::move(response));
  });

  const auto exact = answer_to(*server, get_and_close("/exact"));
  const auto chunked = answer_to(*server, get_and_close("/chunked"));
  const auto old = answer_to(*server, "GET /old HTTP/1.0\r\n\r\n");
  const auto too_short = answer_to(*server, get("/short"));
  const auto too_long = answer_to(*server, get("/long"));

  CHECK(body_of(exact).size() == 40 * 65536);
  CHECK(body_of(exact)[39 * 65536] == 39);
  CHECK(contains(chunked, "\r\nTransfer-Encoding: chunked\r\n"));
  CHECK(body_of(chunked).size() == 40 * (65536 + 9) + 5);
  CHECK(body_of(chunked).ends_with("\r\n0\r\n\r\n"));
  CHECK_FALSE(contains(old.substr(0, 300), "Transfer-Encoding"));
  CHECK(body_of(old).size() == 40 * 65536);
  CHECK(body_of(too_short).size() == 40 * 65536);
  CHECK(body_of(too_long).size() == 39 * 65536);
}

TEST_CASE("a stream is not read ahead of a slow reader", "[http]") {
  std::atomic<int> made = 0;
  const auto server = started(plain(), [&](const Request&, const Reply& reply) {
    Response response;
    response.stream = pieces(4000, made);
    response.content_length = 4000ULL * 65536;
    reply(std::move(response));
  });
  SocketClient client{server->port()};
  client.send(get_and_close("/"));
  client.read_some();
  int before = -1;
  while (before != made) {
    before = made;
    std::this_thread::sleep_for(milliseconds{300});
  }

  CHECK(made > 0);
  CHECK(made < 1000);
  std::size_t size = 0;
  for (auto part = client.read_some(); !part.empty(); part = client.read_some())
    size += part.size();
  CHECK(made == 4000);
  CHECK(size > 3999ULL * 65536);
}

TEST_CASE("stopping ends idle connections and lets running requests finish", "[http]") {
  std::latch asked{1};
  Reply kept;
  auto server = started(plain(), [&](const Request& request, const Reply& reply) {
    if (request.path != "/wait") return echo(request, reply);
    kept = reply;
    asked.count_down();
  });
  SocketClient idle{server->port()};
  idle.send(get("/"));
  idle.read_until("GET /? ");
  SocketClient busy{server->port()};
  busy.send(get("/wait"));
  asked.wait();

  std::jthread stopping{[&] { server->stop(); }};
  CHECK(idle.is_closed_within(milliseconds{1000}));
  Response response;
  response.body = "done";
  kept(std::move(response));
  const auto answer = busy.read_to_end();
  stopping.join();

  CHECK_FALSE(SocketClient{server->port()}.is_connected());
  CHECK(body_of(answer) == "done");
  CHECK(contains(answer, "\r\nConnection: close\r\n"));
}

TEST_CASE("stopping does not wait for ever, and a late answer hurts nobody", "[http]") {
  auto options = plain();
  options.limits.stop_time = milliseconds{200};
  std::latch asked{1};
  Reply kept;
  auto server = started(std::move(options), [&](const Request&, const Reply& reply) {
    kept = reply;
    asked.count_down();
  });
  SocketClient client{server->port()};
  client.send(get("/"));
  asked.wait();
  const auto start = steady_clock::now();

  server.reset();

  CHECK(since(start) < milliseconds{2000});
  kept(Response{});
}

TEST_CASE("stopping under load loses no request that was answered", "[http]") {
  std::atomic<int> handled = 0;
  auto server = started(plain(), [&](const Request& request, const Reply& reply) {
    ++handled;
    echo(request, reply);
  });
  std::atomic<int> answered = 0;
  const auto port = server->port();
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&, port] {
      SocketClient client{port};
      while (client.send(get("/x")) && contains(client.read_until("GET /x? "), "GET /x? "))
        ++answered;
    });
  std::this_thread::sleep_for(milliseconds{300});

  server->stop();
  clients.clear();

  CHECK(answered > 100);
  CHECK(answered == handled);
}

TEST_CASE("an address that is taken or odd is refused with a sentence", "[http]") {
  const auto server = started(plain(), echo);
  auto taken = plain();
  taken.listen = "127.0.0.1:" + std::to_string(server->port());
  auto odd = plain();
  odd.listen = "localhost";

  const auto second = Server::start(std::move(taken), echo);
  const auto third = Server::start(std::move(odd), echo);

  REQUIRE_FALSE(second);
  CHECK(contains(second.error().detail(), "another program listens there"));
  REQUIRE_FALSE(third);
  CHECK(third.error().code() == Code::invalid_input);
}

std::shared_ptr<SSL_CTX> test_context() {
  auto context = tls::public_server(testing::test_identity());
  REQUIRE(context);
  return *std::move(context);
}

TEST_CASE("the same works under TLS, and the end is said politely", "[http][tls]") {
  auto options = plain();
  options.tls = test_context();
  const auto server = started(std::move(options), [](const Request& request, const Reply& reply) {
    Response response;
    response.body = request.tls ? std::string(300'000, 't') : "plain";
    reply(std::move(response));
  });
  SocketClient client{server->port()};
  REQUIRE(client.start_tls());

  client.send(get("/"));
  const auto first = client.read_until(std::string(1000, 't'));
  std::size_t body = body_of(first).size();
  while (body < 300'000) body += client.read_some().size();
  client.send(get_and_close("/"));
  const auto second = client.read_to_end();

  CHECK(body == 300'000);
  CHECK(body_of(second).size() == 300'000);
  CHECK((::SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN) != 0);
}

TEST_CASE("a replaced certificate reaches new connections, running ones go on", "[http][tls]") {
  auto options = plain();
  const auto shown = tls::ShownCertificate::of(testing::test_identity());
  REQUIRE(shown);
  options.tls = *tls::public_server(*shown);
  const auto server = started(std::move(options), echo);
  SocketClient before{server->port()};
  REQUIRE(before.start_tls());

  REQUIRE((*shown)->replace(testing::test_identity()));
  SocketClient after{server->port()};
  REQUIRE(after.start_tls());
  before.send(get_and_close("/still"));

  const openssl::Cert first{::SSL_get1_peer_certificate(before.ssl())};
  const openssl::Cert second{::SSL_get1_peer_certificate(after.ssl())};
  CHECK(::X509_cmp(first.get(), second.get()) != 0);
  CHECK(body_of(before.read_to_end()) == "GET /still? ");
}

TEST_CASE("a handshake that drips is cut, and one that is none hurts nobody", "[http][tls][slow]") {
  auto options = plain();
  options.tls = test_context();
  options.limits.header_time = milliseconds{500};
  const auto server = started(std::move(options), echo);
  SocketClient dripping{server->port()};
  SocketClient nonsense{server->port()};

  nonsense.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto time =
      time_until_cut(dripping, std::string{"\x16\x03\x01\x02\x00\x01"} + std::string(100, 'x'));
  SocketClient good{server->port()};
  REQUIRE(good.start_tls());
  good.send(get_and_close("/good"));

  CHECK(time < milliseconds{1500});
  CHECK(nonsense.is_closed_within(milliseconds{1000}));
  CHECK(body_of(good.read_to_end()) == "GET /good? ");
}

/// Who asks, as the handler sees it.
void tell_peer(const Request& request, const Reply& reply) {
  Response response;
  response.body = request.peer;
  reply(std::move(response));
}

Options behind_proxy() {
  auto options = plain();
  options.tls = test_context();
  options.proxies = {"127.0.0.1"};
  options.proxy_protocol = true;
  return options;
}

TEST_CASE("a PROXY header before TLS says who the client is", "[http][proxy]") {
  const auto server = started(behind_proxy(), tell_peer);
  SocketClient client{server->port()};

  client.send("PROXY TCP4 198.51");
  client.send(".100.9 192.0.2.10 4711 443\r\n");
  REQUIRE(client.start_tls());
  client.send(get_and_close("/"));

  CHECK(body_of(client.read_to_end()) == "198.51.100.9");
}

TEST_CASE("a proxy that sends no PROXY header is closed at once", "[http][proxy]") {
  const auto server = started(behind_proxy(), tell_peer);
  SocketClient client{server->port()};

  CHECK_FALSE(client.start_tls());

  CHECK(server->counters().handshakes_failed == 1);
}

TEST_CASE("a PROXY header that does not come whole ends at the deadline", "[http][proxy]") {
  auto options = behind_proxy();
  options.limits.header_time = milliseconds{300};
  const auto server = started(std::move(options), tell_peer);
  SocketClient client{server->port()};

  const auto time = time_until_cut(client, "PROXY TCP4 198.51.100.9 192.0.2.10 4711 443\r\n");

  CHECK(time >= milliseconds{250});
  CHECK(time < milliseconds{1500});
}

TEST_CASE("a PROXY header from an address that is not named is not believed", "[http][proxy]") {
  auto options = behind_proxy();
  options.proxies = {"192.0.2.20"};
  const auto server = started(std::move(options), tell_peer);
  SocketClient liar{server->port()};
  SocketClient direct{server->port()};

  liar.send("PROXY TCP4 198.51.100.9 192.0.2.10 4711 443\r\n");
  const bool lied = liar.start_tls();
  const bool served = direct.start_tls();
  direct.send(get_and_close("/"));

  CHECK_FALSE(lied);
  REQUIRE(served);
  CHECK(body_of(direct.read_to_end()) == "127.0.0.1");
}

TEST_CASE("behind a proxy each client has its own share of connections", "[http][proxy]") {
  auto options = behind_proxy();
  options.tls = nullptr;
  options.limits.connections_per_address = 1;
  options.limits.exempt_loopback = false;
  const auto server = started(std::move(options), tell_peer);
  const auto header = [](const std::string& source) {
    return "PROXY TCP4 " + source + " 192.0.2.10 4711 443\r\n";
  };
  SocketClient first{server->port()};
  SocketClient second{server->port()};
  SocketClient other{server->port()};

  first.send(header("198.51.100.9") + get("/"));
  const auto of_first = first.read_until("198.51.100.9");
  second.send(header("198.51.100.9") + get("/"));
  const auto of_second = second.read_to_end();
  other.send(header("198.51.100.8") + get("/"));
  const auto of_other = other.read_until("198.51.100.8");

  CHECK(contains(of_first, "200 OK"));
  CHECK(of_second.empty());
  CHECK(contains(of_other, "200 OK"));
  CHECK(server->counters().connections_refused == 1);
}

}  // namespace
}  // namespace sp::http
