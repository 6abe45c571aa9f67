// The server with real sockets and TLS.
#include <sys/socket.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wshadow"
#include <httplib.h>
#pragma GCC diagnostic pop

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/testing/manual_clock.h"
#include "base/testing/test_identity.h"
#include "base/tls/context.h"
#include "core/api/routes.h"
#include "core/api/server.h"
#include "core/api/testing/api_bench.h"

namespace sp::api {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

struct Bench {
  explicit Bench(std::optional<Upstream> upstream = {}) : bench(store::Engine::sqlite, clock) {
    const fs::path root = fs::path{bench.fresh.folder()} / "web";
    write(root / "index.html", "<!doctype html>page");
    write(root / "assets/app-1.js", "plain");
    write(root / "assets/app-1.js.br", "BR");
    write(root / "secret.txt", "not listed");
    write(
        root / "assets.json",
        R"({"csp":{"script-hashes":["sha256-abc="]},"files":{"/index.html":{"type":"text/html; charset=utf-8","size":19,"etag":"e1","cache":"no-cache"},)"
        R"("/assets/app-1.js":{"type":"text/javascript","size":5,"etag":"e2","cache":"immutable","br":2}}})");
    add_session_routes(bench.router, *bench.core);
    add_people_routes(bench.router, *bench.core);
    add_meta_routes(bench.router);
    bench.router.add({Method::post, "/sum", access::Action::openapi_read,
                      [](Request& request) { return sum(request); }, Body::stream});
    ServerOptions options;
    options.port = 0;
    options.threads = 8;
    options.web_root = root;
    options.upstream = std::move(upstream);
    auto started = Server::start(options, *tls::ShownCertificate::of(sp::testing::test_identity()),
                                 *bench.core, bench.router);
    REQUIRE(started);
    server = std::move(*started);
  }
  static Result<Response> sum(Request& request) {
    std::size_t size = 0;
    TRY(request.source_of_body->read(std::size_t{8} << 20, [&](BytesView piece) -> Outcome {
      size += piece.size();
      return {};
    }));
    Response response;
    response.body = std::to_string(size);
    return response;
  }
  [[nodiscard]] httplib::Client client() const {
    httplib::Client made{"https://127.0.0.1:" + std::to_string(server->port())};
    made.enable_server_certificate_verification(false);
    return made;
  }
  sp::testing::ManualClock clock;
  testing::ApiBench bench;
  std::unique_ptr<Server> server;
};

TEST_CASE("the server speaks TLS, answers its health and sets the security headers", "[api]") {
  Bench bench;
  auto client = bench.client();

  const auto health = client.Get("/healthz");
  const auto page = client.Get("/messages/7", {{"Accept", "text/html"}});

  REQUIRE(health);
  CHECK(health->body == "ok\n");
  REQUIRE(page);
  CHECK(page->body == "<!doctype html>page");
  CHECK(page->get_header_value("Content-Security-Policy").find("script-src 'self' 'sha256-abc='") !=
        std::string::npos);
  CHECK(page->get_header_value("X-Content-Type-Options") == "nosniff");
  CHECK(page->get_header_value("Strict-Transport-Security") == "max-age=31536000");
}

TEST_CASE("a file is served by its exact name alone", "[api]") {
  Bench bench;
  auto client = bench.client();
  client.set_decompress(false);

  CHECK(client.Get("/assets/app-1.js")->body == "plain");
  const auto brotli = client.Get("/assets/app-1.js", {{"Accept-Encoding", "gzip, br"}});
  CHECK(brotli->body == "BR");
  CHECK(brotli->get_header_value("Content-Encoding") == "br");
  CHECK(client.Get("/assets/app-1.js", {{"If-None-Match", "\"e2\""}})->status == 304);
  CHECK(client.Get("/assets/gone.js", {{"Accept", "text/html"}})->status == 404);
  CHECK(client.Get("/secret.txt", {{"Accept", "*/*"}})->status == 404);
  CHECK(client.Get("/../web/secret.txt")->status == 404);
  CHECK(client.Get("/assets/app-1.js", {{"Range", "bytes=1-2"}})->body == "plain");
}

TEST_CASE("a session goes by cookie over the wire", "[api]") {
  Bench bench;
  auto client = bench.client();

  const auto opened = client.Post(
      "/api/v1/session", R"({"login":"root","password":")" + bench.bench.root_password + "\"}",
      "application/json");

  REQUIRE(opened);
  CHECK(opened->status == 200);
  CHECK(opened->get_header_value("Cache-Control") == "no-store");
  const auto cookie = opened->get_header_value("Set-Cookie");
  CHECK(cookie.find("; Path=/; Secure; HttpOnly; SameSite=Strict") != std::string::npos);
  CHECK(client.Get("/api/v1/session", {{"Cookie", cookie.substr(0, cookie.find(';'))}})->status ==
        200);
  CHECK(client.Get("/api/v1/session")->status == 401);
}

TEST_CASE("a body is streamed, limited, and never becomes the next request", "[api]") {
  Bench bench;
  auto client = bench.client();
  client.set_keep_alive(true);

  CHECK(client.Post("/api/v1/sum", std::string(5 << 20, 'x'), "application/octet-stream")->body ==
        "5242880");
  CHECK(client.Post("/api/v1/sum", std::string(9 << 20, 'x'), "application/octet-stream")->status ==
        400);
  // Unread, since nobody is signed in: drained, so that the answer after it is the right one.
  CHECK(
      client.Post("/api/v1/people", "GET /healthz HTTP/1.1\r\n\r\n", "application/json")->status ==
      401);
  CHECK(client.Get("/api/v1/openapi.json")->status == 200);
  CHECK(client.Post("/api/v1/session", std::string(5 << 20, ' '), "application/json")->status ==
        400);
  CHECK(client.Get("/healthz")->status == 200);
}

TEST_CASE("a request whose end is told twice, or a body where none belongs, is refused", "[api]") {
  Bench bench;
  auto client = bench.client();

  const auto twice =
      client.Post("/api/v1/session", {{"Transfer-Encoding", "chunked"}, {"Content-Length", "2"}},
                  "{}", "application/json");
  CHECK((!twice || twice->status == 400));
  CHECK(client.Get("/healthz", {{"Content-Length", "4"}})->status == 400);
  CHECK(client.Options("/api/v1/people")->status == 405);
}

TEST_CASE("many clients at once are all answered", "[api]") {
  Bench bench;
  std::atomic<int> good{0};

  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 6; ++t)
      threads.emplace_back([&] {
        auto client = bench.client();
        client.set_keep_alive(true);
        for (int i = 0; i < 20; ++i) {
          const auto answer = client.Get("/api/v1/openapi.json");
          good += answer && answer->status == 200 ? 1 : 0;
        }
      });
  }

  CHECK(good == 120);
}

TEST_CASE(
    "the way to the portal strips the prefix, hands on what belongs, and checks the certificate",
    "[api]") {
  const auto identity = sp::testing::test_identity();
  const auto shown = *tls::ShownCertificate::of(identity);
  Bench edge;  // any TLS server will do as the edge
  const auto folder = fs::path{edge.bench.fresh.folder()};
  Bench other;
  httplib::SSLServer portal{
      [&](SSL_CTX& context) { return tls::dress_public_server(context, shown).has_value(); }};
  portal.Get("/m/(.*)", [](const httplib::Request& request, httplib::Response& response) {
    response.set_header("Sallyport-Grace", request.get_header_value("Sallyport-Grace"));
    response.set_header("Set-Cookie", "a=b");
    response.set_header("Content-Security-Policy", "default-src 'self'");
    response.set_content(request.get_header_value("Cookie") + "|" + request.target, "text/html");
  });
  portal.Post("/api/v1/messages/x/reveal", [](const httplib::Request& request,
                                              httplib::Response& response) {
    response.set_content(std::string(3 << 20, request.body.empty() ? '?' : request.body[0]),
                         "application/octet-stream");
  });
  const int port = portal.bind_to_any_port("127.0.0.1");
  std::jthread serving{[&] { portal.listen_after_bind(); }};
  write(folder / "portal.crt", identity.chain_pem);
  write(folder / "wrong.crt", sp::testing::test_identity().chain_pem);
  const auto url = "https://127.0.0.1:" + std::to_string(port);
  Bench bench{Upstream{url, folder / "portal.crt", false}};
  Bench wrong{Upstream{url, folder / "wrong.crt", false}};
  auto client = bench.client();

  const auto page = client.Get("/selfdestruct/m/abc?x=1",
                               {{"Cookie", "__Host-sallyport=s"}, {"Sallyport-Grace", "g"}});
  const auto content =
      client.Post("/selfdestruct/api/v1/messages/x/reveal", "y", "application/json");
  const auto refused = wrong.client().Get("/selfdestruct/m/abc");

  REQUIRE(page);
  CHECK(page->body == "|/m/abc?x=1");
  CHECK(page->get_header_value("Sallyport-Grace") == "g");
  CHECK(page->get_header_value("Content-Security-Policy") == "default-src 'self'");
  CHECK_FALSE(page->has_header("Set-Cookie"));
  CHECK(content->body == std::string(3 << 20, 'y'));
  CHECK(refused->status == 503);
  CHECK(client.Get("/selfdestructive")->status == 404);
  portal.stop();
}

TEST_CASE("a web folder whose files are not those that were built is refused", "[api]") {
  Bench bench;
  const auto root = fs::path{bench.bench.fresh.folder()} / "web";
  write(root / "assets/app-1.js", "changed size");
  ServerOptions options;
  options.port = 0;
  options.web_root = root;

  const auto again =
      Server::start(options, *tls::ShownCertificate::of(sp::testing::test_identity()),
                    *bench.bench.core, bench.bench.router);

  CHECK(again.error().code() == Code::corrupt);
}

}  // namespace
}  // namespace sp::api
