#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/api/idempotency.h"
#include "core/api/routes.h"
#include "core/api/testing/api_bench.h"

namespace sp::api {
namespace {

using testing::ApiBench;
using testing::As;

struct Bench : ApiBench {
  explicit Bench(store::Engine engine, sp::testing::ManualClock& manual)
      : ApiBench(engine, manual) {
    add_session_routes(router, *core);
    add_people_routes(router, *core);
    add_token_routes(router, *core);
    add_audit_routes(router, *core);
    add_settings_routes(
        router, *core,
        [](const settings::Values& values, const std::string& to) -> Result<std::string> {
          if (to == "full@example.com") return Error{Code::unavailable, "452 mailbox full"};
          return values.mail.host + " took it";
        });
    add_meta_routes(router);
  }
};
#define ON_BOTH                                            \
  sp::testing::ManualClock clock;                          \
  Bench bench {                                            \
    GENERATE(from_range(store::testing::engines())), clock \
  }

std::string drained(const Response& response) {
  std::string all;
  while (auto piece = response.stream()) {
    if (!*piece) break;
    all += **piece;
  }
  return all;
}
std::string cookie_in(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "Set-Cookie")
      return value.substr(value.find('=') + 1, value.find(';') - value.find('=') - 1);
  }
  return {};
}

TEST_CASE("the first sign-in allows nothing but a new password, then everything", "[api]") {
  ON_BOTH;
  const auto opened = bench.send({}, "POST", "/session",
                                 R"({"login":"Root","password":")" + bench.root_password + "\"}");
  REQUIRE(opened.status == 200);
  const As as{cookie_in(opened), Bench::json(opened)["csrf_token"], {}};
  CHECK(Bench::json(opened)["must_change_password"] == true);
  const auto refused = bench.send(as, "GET", "/people");
  CHECK(refused.status == 403);
  CHECK(Bench::json(refused)["reason"] == "password_change_required");
  CHECK(bench.send(as, "GET", "/session").status == 200);

  const auto changed = bench.send(
      as, "POST", "/session/password",
      R"({"old_password":")" + bench.root_password + R"(","new_password":"twelve letters"})");

  REQUIRE(changed.status == 200);
  const As renewed{cookie_in(changed), Bench::json(changed)["csrf_token"], {}};
  CHECK(bench.send(as, "GET", "/session").status == 401);
  CHECK(bench.send(renewed, "GET", "/people").status == 200);
}

TEST_CASE("a wrong name and a wrong password are one answer, byte for byte", "[api][promise-9]") {
  ON_BOTH;

  const auto wrong = bench.send({}, "POST", "/session", R"({"login":"root","password":"x"})");
  const auto unknown = bench.send({}, "POST", "/session", R"({"login":"nobody","password":"x"})");

  CHECK(wrong.status == 401);
  CHECK(wrong.body == unknown.body);
  CHECK(wrong.headers == unknown.headers);
}

TEST_CASE("after too many wrong passwords the answer says when to come back", "[api]") {
  ON_BOTH;
  for (int i = 0; i < 5; ++i)
    bench.send({}, "POST", "/session", R"({"login":"root","password":"x"})");

  const auto locked = bench.send({}, "POST", "/session", R"({"login":"root","password":"x"})");

  CHECK(locked.status == 429);
  CHECK(Bench::json(locked)["retry_after"] == 30);
  CHECK(Bench::json(locked)["reason"] == "locked");
}

TEST_CASE("a cookie alone changes nothing: the CSRF token must come with it", "[api]") {
  ON_BOTH;
  auto as = bench.member("anna", access::Role::administrator);
  const auto body = R"({"login":"bert"})";

  CHECK(bench.send({as.cookie, "", ""}, "POST", "/people", body).status == 403);
  CHECK(bench.send({as.cookie, as.csrf + "x", ""}, "POST", "/people", body).status == 403);
  CHECK(Bench::json(bench.send({as.cookie, "", ""}, "DELETE", "/session"))["reason"] == "csrf");
  CHECK(bench.send(as, "POST", "/people", body).status == 201);
}

TEST_CASE("signing out ends the session", "[api]") {
  ON_BOTH;
  const auto as = bench.member("anna", access::Role::user);

  const auto gone = bench.send(as, "DELETE", "/session");

  CHECK(gone.status == 204);
  CHECK(cookie_in(gone).empty());
  CHECK(bench.send(as, "GET", "/session").status == 401);
}

TEST_CASE("an administrator makes, changes, resets and disables an account", "[api]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);
  const auto made =
      bench.send(admin, "POST", "/people", R"({"login":"Bert","email":"b@example.com"})");
  REQUIRE(made.status == 201);
  const std::string id = Bench::json(made)["person"]["id"];
  CHECK(Bench::json(made)["person"]["login"] == "bert");
  CHECK(Bench::json(made)["one_time_password"].get<std::string>().size() == 23);

  CHECK(bench.send(admin, "POST", "/people", R"({"login":"bert"})").status == 409);
  CHECK(Bench::json(
            bench.send(admin, "PATCH", "/people/" + id, R"({"email":null,"name":"B"})"))["email"]
            .is_null());
  CHECK(bench.send(admin, "POST", "/people/" + id + "/reset-password").status == 200);
  CHECK(Bench::json(bench.send(admin, "PATCH", "/people/" + id,
                               R"({"disabled":true})"))["disabled"] == true);
  CHECK(bench.send(admin, "GET", "/people/" + id).status == 200);
  CHECK(bench.send(admin, "GET", "/people/none").status == 404);
}

TEST_CASE("wrong members are named with their paths", "[api]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);

  const auto answer = bench.send(admin, "POST", "/people",
                                 R"({"login":"a b","role":"king","email":"x","colour":1})");

  CHECK(answer.status == 400);
  CHECK(answer.type == "application/problem+json");
  std::set<std::string> fields;
  const auto told = Bench::json(answer);
  for (const auto& error : told["errors"]) fields.insert(error["field"]);
  CHECK(fields == std::set<std::string>{"login", "role", "email", "colour"});
}

TEST_CASE("bodies that are no JSON, too deep, with twins or of another type are refused", "[api]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);
  const auto body = GENERATE(as<std::string>{}, "{", "[]", "nul", R"({"login":"a1","login":"b1"})",
                             "{\"login\":\"\xff\"}", std::string(100, '['),
                             R"({"login":"a\u0000b"})", R"({"login":17})");

  CHECK(bench.send(admin, "POST", "/people", body).status == 400);
  CHECK(bench.send(admin, "POST", "/people").status == 400);
  CHECK(bench.send(admin, "POST", "/people", "{}", {{"content-type", "text/plain"}}).status == 400);
}

TEST_CASE("lists come page by page until there is no next", "[api]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);
  for (const auto* login : {"c1", "c2", "c3"})
    bench.send(admin, "POST", "/people", R"({"login":")" + std::string{login} + "\"}");

  const auto first = bench.send(admin, "GET", "/people?limit=4");
  const std::string next = Bench::json(first)["next"];
  const auto second = bench.send(admin, "GET", "/people?after=" + next);

  CHECK(Bench::json(first)["items"].size() == 4);
  CHECK(Bench::json(second)["items"].size() == 1);
  CHECK(Bench::json(second)["next"].is_null());
  CHECK(bench.send(admin, "GET", "/people?limit=0").status == 400);
  CHECK(bench.send(admin, "GET", "/people?limit=201").status == 400);
  CHECK(bench.send(admin, "GET", "/people?after=!").status == 400);
}

TEST_CASE("a token is made once, works, is listed without its secret, and is revoked", "[api]") {
  ON_BOTH;
  const auto anna = bench.member("anna", access::Role::user);
  const auto made = bench.send(anna, "POST", "/tokens",
                               R"({"name":"ci","scope":"messages:read","expires_in":"1h"})");
  REQUIRE(made.status == 201);
  const As token{{}, {}, Bench::json(made)["secret"]};

  CHECK(Bench::json(bench.send(token, "GET", "/session"))["scope"] == "messages:read");
  CHECK(bench.send(token, "GET", "/tokens").status == 403);
  CHECK(bench.send(anna, "GET", "/tokens").body.find(token.token) == std::string::npos);
  CHECK(bench.send(anna, "GET", "/tokens?all=true").status == 404);
  const std::string id = Bench::json(made)["token"]["id"];
  CHECK(bench.send(anna, "DELETE", "/tokens/" + id).status == 204);
  CHECK(bench.send(token, "GET", "/session").status == 401);
  CHECK(bench.send({{}, {}, "sp_nonsense"}, "GET", "/openapi.json").status == 401);
}

TEST_CASE("the same Idempotency-Key does a thing once and answers the same again", "[api]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);
  const std::map<std::string, std::string> key{{"idempotency-key", "k1"}};
  const auto body = R"({"login":"bert"})";
  const auto first = bench.send(admin, "POST", "/people", body, key);

  const auto again = bench.send(admin, "POST", "/people", body, key);
  const auto other = bench.send(admin, "POST", "/people", R"({"login":"carl"})", key);

  CHECK(first.status == 201);
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(other.status == 409);
  CHECK(Bench::json(other)["reason"] == "idempotency_mismatch");
  clock.advance(std::chrono::hours{25});
  const auto late = bench.member("late", access::Role::administrator);
  CHECK(bench.send(late, "POST", "/people", body, key).status ==
        409);  // taken: it was really tried
}

TEST_CASE("a kept answer stands nowhere in the clear, and a failed one is not kept",
          "[api][promise-2]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);
  const std::map<std::string, std::string> key{{"idempotency-key", "k1"}};
  CHECK(bench.send(admin, "POST", "/people", R"({"login":"root"})", key).status == 409);
  const auto made =
      bench.send(admin, "POST", "/people", R"({"login":"bert"})", {{"idempotency-key", "k2"}});

  const auto rows = bench.fresh.store().read(
      [](store::Transaction& tx) { return tx.query("SELECT answer FROM idempotency"); });

  REQUIRE(rows->size() == 1);
  const std::string password = Bench::json(made)["one_time_password"];
  CHECK(bytes::text(rows->front().bytes(0)).find(password) == std::string_view::npos);
}

TEST_CASE("settings change in part, wrong ones are named, older ones refused", "[api]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);
  const auto changed = bench.send(
      admin, "PATCH", "/settings",
      R"({"mail":{"host":"mail.test","from":"a@b.c","password":"p4ss"},"limits":{"max_views":9},)"
      R"("templates":{"viewed":{"subject":"Seen"}},"revision":0})");
  REQUIRE(changed.status == 200);
  const auto values = Bench::json(bench.send(admin, "GET", "/settings"));
  CHECK(values["mail"]["password_set"] == true);
  CHECK(values["mail"]["port"] == 587);
  CHECK(values["limits"]["max_views"] == 9);
  CHECK(values["templates"]["viewed"]["subject"] == "Seen");
  CHECK(changed.body.find("p4ss") == std::string::npos);

  CHECK(bench.send(admin, "PATCH", "/settings", R"({"revision":0,"languages":["en"]})").status ==
        409);
  const auto wrong =
      bench.send(admin, "PATCH", "/settings",
                 R"({"limits":{"default_life":"1y"},"branding":{"colour":"red"},"mail":{"x":1}})");
  CHECK(wrong.status == 400);
  CHECK(Bench::json(wrong)["errors"].size() == 3);
  const auto options =
      bench.send(bench.member("anna", access::Role::user), "GET", "/settings/compose");
  CHECK(Bench::json(options)["limits"]["max_views"] == 9);
}

TEST_CASE("a test mail says what the server answered", "[api]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);
  CHECK(bench.send(admin, "POST", "/settings/mail/test", R"({"to":"a@b.c"})").status == 409);
  bench.send(admin, "PATCH", "/settings", R"({"mail":{"host":"mail.test","from":"a@b.c"}})");

  const auto sent =
      Bench::json(bench.send(admin, "POST", "/settings/mail/test", R"({"to":"a@b.c"})"));
  const auto failed =
      Bench::json(bench.send(admin, "POST", "/settings/mail/test", R"({"to":"full@example.com"})"));

  CHECK(sent["sent"] == true);
  CHECK(failed["detail"] == "452 mailbox full");
}

TEST_CASE("the trail is listed, filtered, verified and exported without formulas", "[api]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);
  audit::Entry entry{.event = audit::Event::edge_added};
  entry.object = {"edge", "1", "=cmd|' /C calc'!A0,\"x\""};
  REQUIRE(bench.audit->append(bench.fresh.store(), entry));

  const auto listed = Bench::json(bench.send(admin, "GET", "/audit?code=edge"));
  const auto csv = drained(bench.send(admin, "GET", "/audit/export?format=csv"));
  const auto lines = drained(bench.send(admin, "GET", "/audit/export?format=jsonl"));

  CHECK(listed["items"][0]["code"] == "edge.added");
  CHECK(csv.find("\"'=cmd|' /C calc'!A0,\"\"x\"\"\"") != std::string::npos);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == std::count(csv.begin(), csv.end(), '\n'));
  CHECK(Bench::json(bench.send(admin, "POST", "/audit/verify"))["intact"] == true);
  CHECK(bench.send(admin, "GET", "/audit/export?format=xml").status == 400);
  CHECK(bench.send(admin, "GET", "/audit?from=yesterday").status == 400);
}

TEST_CASE("unknown paths, other methods and a query given twice are refused", "[api]") {
  ON_BOTH;
  const auto admin = bench.member("admin", access::Role::administrator);

  CHECK(bench.send(admin, "GET", "/nothing").status == 404);
  CHECK(bench.send(admin, "PUT", "/people").status == 405);
  CHECK(bench.send(admin, "BREW", "/people").status == 405);
  CHECK(bench.send({}, "GET", "/openapi.json").status == 200);
  Incoming twice{"GET", "/api/v1/people", {{"limit", "1"}, {"limit", "2"}}, {}, "", nullptr};
  CHECK(Dispatcher(*bench.core, bench.router).answer(twice).status == 400);
}

TEST_CASE("a refusal of somebody known is in the trail", "[api][promise-8]") {
  ON_BOTH;
  const auto anna = bench.member("anna", access::Role::user);

  bench.send(anna, "GET", "/people");

  const auto last = audit::list(bench.fresh.store(), {}, 0, 1)->front();
  CHECK(last.code == "access.refused");
  CHECK(last.actor.name == "anna");
}

TEST_CASE("a database that is away is 503 and comes back by itself", "[api]") {
  if (store::testing::engines().size() < 2) return;
  sp::testing::ManualClock clock;
  Bench bench{store::Engine::postgres, clock};
  const auto admin = bench.member("admin", access::Role::administrator);

  bench.fresh.cut_connections();

  CHECK(bench.send(admin, "GET", "/people").status == 200);
}

}  // namespace
}  // namespace sp::api
