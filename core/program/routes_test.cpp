// Every route x every kind of caller, against a table that stands here and nowhere else; and the
// API's description against what is served.
#include "core/program/routes.h"

#include <set>

#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/api/openapi.h"
#include "core/api/testing/api_bench.h"

namespace sp::core {
namespace {

using api::Json;
using api::testing::ApiBench;
using api::testing::As;

struct Bench : ApiBench {
  explicit Bench(const Clock& clock) : ApiBench(store::Engine::sqlite, clock) {
    auto made = Features::make(Config{}, *core, router, nullptr);
    REQUIRE(made);
    features = std::move(*made);
    add_routes(router, *core, *features);
  }
  ~Bench() { features->stop(); }
  std::unique_ptr<Features> features;
};

// Who gets past the judge: 0 everybody, 1 who is signed in, 2 an administrator. `scope`: the least
// of a token, r messages:read, w messages:write, s sessions:use, a admin.
struct Line {
  std::string route;
  int least;
  char scope;
};
const std::vector<Line> table{
    {"POST /api/v1/session", 0, 'r'},
    {"GET /api/v1/openapi.json", 0, 'r'},
    {"GET /api/v1/session", 1, 'r'},
    {"DELETE /api/v1/session", 1, 'r'},
    {"POST /api/v1/session/password", 1, 'a'},
    {"GET /api/v1/people", 2, 'a'},
    {"POST /api/v1/people", 2, 'a'},
    {"GET /api/v1/people/{id}", 2, 'a'},
    {"PATCH /api/v1/people/{id}", 2, 'a'},
    {"POST /api/v1/people/{id}/reset-password", 2, 'a'},
    {"GET /api/v1/tokens", 1, 'a'},
    {"POST /api/v1/tokens", 1, 'a'},
    {"DELETE /api/v1/tokens/{id}", 1, 'a'},
    {"GET /api/v1/audit", 2, 'a'},
    {"GET /api/v1/audit/export", 2, 'a'},
    {"POST /api/v1/audit/verify", 2, 'a'},
    {"GET /api/v1/settings", 2, 'a'},
    {"PATCH /api/v1/settings", 2, 'a'},
    {"GET /api/v1/settings/compose", 1, 'w'},
    {"POST /api/v1/settings/mail/test", 2, 'a'},
    {"GET /api/v1/messages", 1, 'r'},
    {"POST /api/v1/messages", 1, 'w'},
    {"GET /api/v1/messages/{id}", 1, 'r'},
    {"DELETE /api/v1/messages/{id}", 1, 'w'},
    {"POST /api/v1/uploads", 1, 'w'},
    {"DELETE /api/v1/uploads/{id}", 1, 'w'},
    {"GET /api/v1/edges", 1, 'w'},
    {"POST /api/v1/edges", 2, 'a'},
    {"GET /api/v1/edges/{id}", 1, 'w'},
    {"DELETE /api/v1/edges/{id}", 2, 'a'},
    {"POST /api/v1/edges/{id}/rotate", 2, 'a'},
    {"POST /api/v1/edges/{id}/kit", 2, 'a'},
    {"GET /api/v1/certificates", 2, 'a'},
    {"POST /api/v1/certificates/advice", 2, 'a'},
    {"GET /api/v1/certificate-orders", 2, 'a'},
    {"POST /api/v1/certificate-orders", 2, 'a'},
    {"GET /api/v1/certificate-orders/{id}", 2, 'a'},
    {"DELETE /api/v1/certificate-orders/{id}", 2, 'a'},
    {"POST /api/v1/certificate-orders/{id}/retry", 2, 'a'},
    {"POST /api/v1/certificate-orders/{id}/renew", 2, 'a'},
    {"GET /api/v1/trust", 0, 'r'},
    {"GET /api/v1/trust/root.crt", 0, 'r'},
    {"GET /api/v1/sites", 1, 's'},
    {"POST /api/v1/sites", 2, 'a'},
    {"GET /api/v1/sites/export", 1, 's'},
    {"POST /api/v1/sites/bulk", 1, 'a'},
    {"GET /api/v1/sites/{id}", 1, 's'},
    {"PATCH /api/v1/sites/{id}", 1, 'a'},
    {"DELETE /api/v1/sites/{id}", 1, 'a'},
    {"GET /api/v1/sites/{id}/permissions", 2, 'a'},
    {"PUT /api/v1/sites/{id}/permissions/{person}", 2, 'a'},
    {"DELETE /api/v1/sites/{id}/permissions/{person}", 2, 'a'},
    {"GET /api/v1/hosts", 1, 's'},
    {"POST /api/v1/hosts", 1, 'a'},
    {"GET /api/v1/hosts/export", 1, 's'},
    {"POST /api/v1/hosts/import", 1, 'a'},
    {"POST /api/v1/hosts/bulk", 1, 'a'},
    {"GET /api/v1/hosts/{id}", 1, 's'},
    {"PATCH /api/v1/hosts/{id}", 1, 'a'},
    {"DELETE /api/v1/hosts/{id}", 1, 'a'},
    {"GET /api/v1/hosts/{id}/permissions", 2, 'a'},
    {"PUT /api/v1/hosts/{id}/permissions/{person}", 2, 'a'},
    {"DELETE /api/v1/hosts/{id}/permissions/{person}", 2, 'a'},
    {"GET /api/v1/credentials", 1, 's'},
    {"POST /api/v1/credentials", 1, 'a'},
    {"GET /api/v1/credentials/export", 1, 's'},
    {"POST /api/v1/credentials/import", 1, 'a'},
    {"POST /api/v1/credentials/bulk", 1, 'a'},
    {"GET /api/v1/credentials/{id}", 1, 's'},
    {"PATCH /api/v1/credentials/{id}", 1, 'a'},
    {"DELETE /api/v1/credentials/{id}", 1, 'a'},
    {"GET /api/v1/credentials/{id}/permissions", 2, 'a'},
    {"PUT /api/v1/credentials/{id}/permissions/{person}", 2, 'a'},
    {"DELETE /api/v1/credentials/{id}/permissions/{person}", 2, 'a'},
    {"GET /api/v1/hosts/folders", 1, 's'},
    {"GET /api/v1/hosts/{id}/credentials", 1, 's'},
    {"POST /api/v1/credentials/{id}/reveal", 1, 'a'},
    {"POST /api/selfdestruct", 1, 'w'},
    {"POST /api/v1/connect", 1, 's'},
    {"GET /api/v1/sessions", 1, 's'},
    {"GET /api/v1/sessions/{id}", 1, 's'},
    {"POST /api/v1/sessions/{id}/end", 1, 's'},
    {"POST /api/v1/sessions/{id}/comments", 1, 's'},
    {"GET /api/v1/sessions/{id}/recording", 1, 's'},
    {"GET /api/v1/sessions/{id}/live", 2, 'a'},
    {"GET /api/v1/host-keys", 2, 'a'},
    {"POST /api/v1/host-keys/{id}", 1, 'a'},
};

std::string title(const api::Route& route) {
  return std::string{name(route.method)} + " " + route.pattern;
}

std::string verdict(const api::Response& response) {
  if (response.status == 401) return "sign in";
  const auto body = ApiBench::json(response);
  // What a handler refuses with a finer reason was let past the judge.
  if (response.status == 403 && !body.contains("reason")) return "no";
  return "past";
}

std::string expected(const Line& line, int level, char scope) {
  constexpr std::string_view order = "rwsa";
  if (line.least == 0) return "past";
  if (level == 0) return "sign in";
  if (level < line.least) return "no";
  return scope != ' ' && order.find(scope) < order.find(line.scope) ? "no" : "past";
}

TEST_CASE("every route lets in whom the table says and nobody else", "[api][promise-8]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  bench.member("user", access::Role::user);
  bench.member("chief", access::Role::administrator);
  struct Caller {
    std::string who;
    As as;
    int level;
    char scope;
  };
  const std::vector<Caller> callers{
      {"stranger", {}, 0, ' '},
      {"reader of user", bench.token("user", access::Scope::messages_read), 1, 'r'},
      {"writer of user", bench.token("user", access::Scope::messages_write), 1, 'w'},
      {"session token of user", bench.token("user", access::Scope::sessions_use), 1, 's'},
      {"admin token of user", bench.token("user", access::Scope::admin), 1, 'a'},
      {"reader of chief", bench.token("chief", access::Scope::messages_read), 2, 'r'},
      {"writer of chief", bench.token("chief", access::Scope::messages_write), 2, 'w'},
      {"session token of chief", bench.token("chief", access::Scope::sessions_use), 2, 's'},
      {"admin token of chief", bench.token("chief", access::Scope::admin), 2, 'a'},
  };

  for (const auto& line : table) {
    const auto method = line.route.substr(0, line.route.find(' '));
    auto path = line.route.substr(line.route.find(' ') + 1);
    if (const auto id = path.find("{id}"); id != std::string::npos) path.replace(id, 4, "none");
    if (const auto person = path.find("{person}"); person != std::string::npos)
      path.replace(person, 8, "none");
    const auto body = method == "GET" || method == "DELETE" ? "" : "{}";
    for (const auto& caller : callers) {
      CAPTURE(line.route, caller.who);
      // The wrong password of the empty body must not end in a 401 of its own.
      if (line.least == 0 && method == "POST") continue;
      CHECK(verdict(bench.send(caller.as, method, path, body)) ==
            expected(line, caller.level, caller.scope));
    }
  }
}

TEST_CASE("a route without a line in the table fails here", "[api][promise-8]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  std::multiset<std::string> served, judged;

  for (const auto& route : bench.router.routes()) served.insert(title(route));
  for (const auto& line : table) judged.insert(line.route);

  CHECK(served == judged);
}

TEST_CASE("the description names every route and its action, and nothing else", "[api]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  const auto document = Json::parse(api::openapi_document());
  std::set<std::string> described, served;

  for (const auto& [path, item] : document["paths"].items()) {
    const std::string base = item.contains("servers") ? "/api" : "/api/v1";
    for (const auto* method : {"get", "post", "put", "patch", "delete"}) {
      if (!item.contains(method)) continue;
      std::string upper{method};
      for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
      described.insert(upper + " " + base + path + " " +
                       item[method]["x-action"].get<std::string>());
    }
  }
  for (const auto& route : bench.router.routes())
    served.insert(title(route) + " " + std::string{name(route.action)});

  CHECK(described == served);
}

}  // namespace
}  // namespace sp::core
