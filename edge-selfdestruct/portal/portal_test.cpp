#include "edge-selfdestruct/portal/portal.h"

#include "base/testing/catch.h"
#include "edge-selfdestruct/store/testing/desk.h"

using namespace sp;
using namespace sp::testing;
using edge::Portal;

namespace {

class Counter {
 public:
  Desk desk;
  Portal portal{*desk.store, {"127.0.0.1"}};

  http::Response ask(http::Request request) {
    auto promise = std::make_shared<std::promise<http::Response>>();
    auto future = promise->get_future();
    request.peer = request.peer.empty() ? "203.0.113.7" : request.peer;
    portal.handle(std::move(request),
                  [promise](http::Response answer) { promise->set_value(std::move(answer)); });
    return future.get();
  }
  http::Response ask(const std::string& method, const std::string& path,
                     http::Headers headers = {}) {
    http::Request request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    return ask(std::move(request));
  }
  http::Response post(const Letter& letter, const std::string& verb, const std::string& body,
                      http::Headers headers = {}) {
    http::Request request;
    request.method = "POST";
    request.path = "/api/v1/messages/" + bytes::base64url(letter.id) + "/" + verb;
    request.headers = std::move(headers);
    request.body = body;
    return ask(std::move(request));
  }
  static std::string proof(const Letter& letter) {
    return R"({"link_proof":")" + bytes::base64url(letter.link_proof) + R"("})";
  }
  static std::string proofs(const Letter& letter) {
    return R"({"link_proof":")" + bytes::base64url(letter.link_proof) + R"(","pass_proof":")" +
           bytes::base64url(letter.pass_proof) + R"("})";
  }
  /// Every row of every table of ours, as text.
  std::string dump() {
    std::string out;
    for (const auto* table : {"message", "counter", "chunk", "grace", "pushpull_event"}) {
      desk.run([&](sqlite::Database& db) -> Outcome {
        auto rows = TRY(db.query("SELECT * FROM " + std::string{table}));
        while (TRY(rows.step()))
          for (int i = 0; i < rows.column_count(); ++i) out += bytes::hex(rows.blob_view(i)) + "|";
        return {};
      });
    }
    return out;
  }
};

/// Of a header of its own, or in the block that it shares.
std::string value(const http::Response& answer, std::string_view name) {
  if (const auto own = http::find(answer.headers, name)) return std::string{*own};
  const std::string block = "\r\n" + (answer.shared_headers ? *answer.shared_headers : "");
  const auto line = "\r\n" + std::string{name} + ": ";
  const auto at = block.find(line);
  if (at == std::string::npos) return {};
  const auto begin = at + line.size();
  return block.substr(begin, block.find("\r\n", begin) - begin);
}

std::vector<std::string> every_path(const std::string& id) {
  const std::string message = "/api/v1/messages/" + id;
  return {"/",
          "/m/" + id,
          "/api/v1/branding",
          "/api/v1/logo",
          message,
          message + "/status",
          message + "/reveal",
          message + "/saved",
          message + "/destroy"};
}

struct Told {
  int status;
  http::Headers headers;
  std::string body;
  friend bool operator==(const Told&, const Told&) = default;
};
Told told(const http::Response& answer) {
  return {answer.status, answer.headers, answer.body};
}

}  // namespace

TEST_CASE("the page is the same for every id and changes nothing", "[portal][promise-4]") {
  Counter counter;
  const auto letter = counter.desk.put();
  const auto before = counter.dump();

  const auto real = counter.ask("GET", "/m/" + bytes::base64url(letter.id));
  const auto other = counter.ask("GET", "/m/whatever");

  CHECK(real.status == 200);
  CHECK(*real.shared_body == *other.shared_body);
  CHECK(told(real) == told(other));
  CHECK(counter.dump() == before);
}

TEST_CASE("no GET, HEAD, OPTIONS, PUT or DELETE of any route changes a row",
          "[portal][promise-4]") {
  Counter counter;
  const auto letter = counter.desk.put({.views = 2, .grace = 60s});
  const auto reveal = counter.post(letter, "reveal", Counter::proof(letter));
  const auto before = counter.dump();

  for (const auto* method : {"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"}) {
    for (const auto& path : every_path(bytes::base64url(letter.id))) {
      http::Request request;
      request.method = method;
      request.path = path;
      request.body = Counter::proofs(letter);
      request.headers = {{"Sallyport-Grace", value(reveal, "Sallyport-Grace")}};
      static_cast<void>(counter.ask(std::move(request)));
    }
  }

  CHECK(before.size() > 1000);
  CHECK(counter.dump() == before);
}

TEST_CASE("unknown, expired, destroyed, viewed and wrongly proven look the same",
          "[portal][promise-9]") {
  Counter counter;
  auto& desk = counter.desk;
  const auto unknown = desk.letter(100);
  const auto expired = desk.put({.life = 5s});
  const auto destroyed = desk.put();
  const auto viewed = desk.put();
  auto wrong = desk.put({.life = 5h});
  wrong.link_proof[0] ^= std::byte{1};
  REQUIRE(counter.post(destroyed, "destroy", Counter::proof(destroyed)).status == 204);
  REQUIRE(counter.post(viewed, "reveal", Counter::proof(viewed)).status == 200);
  desk.clock.advance(10s);

  for (const auto* verb : {"status", "reveal", "saved", "destroy"}) {
    const auto expected = told(counter.post(unknown, verb, Counter::proof(unknown)));
    CHECK(expected.status == 404);
    for (const Letter* letter : {&expired, &destroyed, &viewed, static_cast<const Letter*>(&wrong)})
      CHECK(told(counter.post(*letter, verb, Counter::proof(*letter))) == expected);
  }
}

TEST_CASE("a reveal gives the content and, where there is a grace, its token", "[portal]") {
  Counter counter;
  const auto letter = counter.desk.put({.grace = 60s});

  const auto first = counter.post(letter, "reveal", Counter::proof(letter));
  const http::Headers token{{"Sallyport-Grace", value(first, "Sallyport-Grace")}};
  const auto again = counter.post(letter, "reveal", Counter::proof(letter), token);
  const auto other = counter.post(letter, "reveal", Counter::proof(letter));
  const auto saved = counter.post(letter, "saved", Counter::proof(letter), token);
  const auto late = counter.post(letter, "reveal", Counter::proof(letter), token);

  CHECK(first.body == bytes::text(letter.content));
  CHECK(value(first, "Content-Type") == "application/octet-stream");
  CHECK(value(first, "Sallyport-Grace").size() == 43);
  CHECK(again.body == first.body);
  CHECK(other.status == 404);
  CHECK(saved.status == 204);
  CHECK(late.status == 404);
}

TEST_CASE("a large content is streamed with its exact length", "[portal]") {
  Counter counter;
  const auto letter = counter.desk.put({.size = 1'500'000});

  const auto answer = counter.post(letter, "reveal", Counter::proof(letter));
  Bytes got;
  while (auto piece = answer.stream().value()) bytes::append(got, *piece);

  CHECK(answer.content_length == 1'500'000);
  CHECK(got == letter.content);
}

TEST_CASE("status tells what the format names", "[portal]") {
  Counter counter;
  const auto letter = counter.desk.put({.views = 3, .passphrase = true});

  const auto answer = counter.post(letter, "status", Counter::proof(letter));

  CHECK(answer.status == 200);
  CHECK_THAT(answer.body,
             Catch::Contains(R"("views_left":3,"views":3,"expires_at":"20)") &&
                 Catch::Contains(R"("sender":null,"passphrase":{"salt":")") &&
                 Catch::Contains(R"("attempts_left":5,"size":1808,"grace_until":null)"));
}

TEST_CASE("a wrong passphrase is told with what is left, as problem+json", "[portal]") {
  Counter counter;
  auto letter = counter.desk.put({.attempts = 3, .passphrase = true});
  letter.pass_proof[0] ^= std::byte{1};

  const auto answer = counter.post(letter, "reveal", Counter::proofs(letter));

  CHECK(answer.status == 403);
  CHECK(value(answer, "Content-Type") == "application/problem+json");
  CHECK_THAT(answer.body,
             Catch::Contains(R"("code":"forbidden")") && Catch::Contains(R"("attempts_left":2)"));
}

TEST_CASE("too many tries are answered with when to come back", "[portal]") {
  Counter counter;
  const auto unknown = counter.desk.letter(10);
  http::Response answer;

  for (int i = 0; i < 300; ++i) answer = counter.post(unknown, "status", Counter::proof(unknown));

  CHECK(answer.status == 429);
  CHECK(std::stoi(value(answer, "Retry-After")) >= 1);
}

TEST_CASE("a malformed body or id is refused and changes nothing", "[portal]") {
  Counter counter;
  const auto letter = counter.desk.put();
  const auto before = counter.dump();

  CHECK(counter.post(letter, "reveal", "{}").status == 400);
  CHECK(counter.post(letter, "status", Counter::proofs(letter)).status == 400);
  CHECK(counter.ask("POST", "/api/v1/messages/x/reveal").status == 400);
  CHECK(counter.ask("GET", "/nothing").status == 404);
  CHECK(counter.dump() == before);
}

TEST_CASE("branding and logo are shown as the core set them", "[portal]") {
  Counter counter;
  pushpull::SettingsPut put{.name = "Example & Co",
                            .colour = "#336699",
                            .help = "Ask the desk",
                            .languages = {"en", "ja"},
                            .logo = Bytes(12, std::byte{7}),
                            .logo_type = "image/png"};
  CHECK(counter.ask("GET", "/api/v1/logo").status == 404);
  REQUIRE(counter.desk.apply({.seq = 0, .kind = "settings.put", .id = {}, .body = encode(put)}));

  const auto branding = counter.ask("GET", "/api/v1/branding");
  const auto logo = counter.ask("GET", "/api/v1/logo");

  CHECK(
      branding.body ==
      R"({"name":"Example & Co","colour":"#336699","help":"Ask the desk","languages":["en","ja"],)"
      R"("logo":"/api/v1/logo"})");
  CHECK(value(logo, "Content-Type") == "image/png");
  CHECK(logo.body == bytes::text(put.logo));
  put.logo_type = "image/svg+xml";
  CHECK_FALSE(
      counter.desk.apply({.seq = 0, .kind = "settings.put", .id = {}, .body = encode(put)}));
}

TEST_CASE("every answer carries the headers of the format", "[portal]") {
  Counter counter;
  const std::vector<http::Response> answers{counter.ask("GET", "/m/x"), counter.ask("GET", "/none"),
                                            counter.ask("GET", "/api/v1/branding"),
                                            counter.ask("POST", "/api/v1/messages/x/status")};

  for (const auto& answer : answers) {
    CHECK_FALSE(value(answer, "Cache-Control").empty());
    CHECK_THAT(*answer.shared_headers,
               Catch::Contains("Strict-Transport-Security: max-age=") &&
                   Catch::Contains("Content-Security-Policy: default-src 'none'") &&
                   Catch::Contains("Referrer-Policy: no-referrer") &&
                   Catch::Contains("X-Robots-Tag: noindex") &&
                   Catch::Contains("X-Content-Type-Options: nosniff") &&
                   Catch::Contains("Cross-Origin-Opener-Policy: same-origin") &&
                   !Catch::Contains("Set-Cookie"));
  }
}

TEST_CASE("an event names the network of the visitor, through a proxy only if it is ours",
          "[portal]") {
  Counter counter;
  const auto letter = counter.desk.put({.views = 2});
  http::Request request;
  request.method = "POST";
  request.path = "/api/v1/messages/" + bytes::base64url(letter.id) + "/reveal";
  // HAProxy adds a line of its own to what the visitor wrote.
  request.headers = {{"X-Forwarded-For", "10.9.8.7"}, {"x-forwarded-for", "198.51.100.9"}};
  request.body = Counter::proof(letter);
  auto direct = request;
  request.peer = "127.0.0.1";
  direct.peer = "203.0.113.7";

  REQUIRE(counter.ask(request).status == 200);
  REQUIRE(counter.ask(direct).status == 200);

  std::vector<std::string> sources;
  counter.desk.run([&](sqlite::Database& db) -> Outcome {
    for (const auto& event : TRY(pushpull::read_events(db, 0, 1'000'000)).events)
      if (event.kind == pushpull::kind::message_viewed)
        sources.push_back(pushpull::decode_message_viewed(event.body).value().source);
    return {};
  });
  CHECK(sources == std::vector<std::string>{"198.51.100.0/24", "203.0.113.0/24"});
}

TEST_CASE("a page that the browser has is not sent again", "[portal]") {
  Counter counter;
  const auto first = counter.ask("GET", "/m/x", {{"Accept-Encoding", "br"}});

  const auto again = counter.ask("GET", "/m/x", {{"If-None-Match", value(first, "ETag")}});

  CHECK(value(first, "Content-Encoding") == "br");
  CHECK(again.status == 304);
}
