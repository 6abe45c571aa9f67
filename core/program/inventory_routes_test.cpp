// Sites, hosts, credentials and permissions as the API serves them.
#include <algorithm>
#include <set>

#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/api/testing/api_bench.h"
#include "core/program/routes.h"

namespace sp::core {
namespace {

using api::Json;
using api::testing::ApiBench;
using api::testing::As;

struct Bench : ApiBench {
  Bench(store::Engine engine, const Clock& clock) : ApiBench(engine, clock) {
    auto made = Features::make(Config{}, *core, router, nullptr);
    REQUIRE(made);
    features = std::move(*made);
    add_routes(router, *core, *features);
    chief = member("chief", access::Role::administrator);
    tech = member("tech", access::Role::user);
    const auto people_found = call(chief, "GET", "/people");
    for (const auto& one : people_found["items"])
      if (one["login"] == "tech") tech_id = one["id"];
  }
  ~Bench() { features->stop(); }
  // The JSON of an answer that must be good.
  Json call(const As& as, const std::string& method, const std::string& path,
            const Json& body = nullptr) {
    const auto answer = send(as, method, path, body.is_null() ? "" : body.dump());
    CAPTURE(method, path, answer.body);
    REQUIRE(answer.status < 300);
    return answer.body.empty() ? Json(nullptr) : json(answer);
  }
  int status(const As& as, const std::string& method, const std::string& path,
             const Json& body = nullptr) {
    return send(as, method, path, body.is_null() ? "" : body.dump()).status;
  }
  std::string site(const std::string& name) {
    return call(chief, "POST", "/sites", {{"name", name}})["id"];
  }
  std::string host(const std::string& name, const std::string& site_id) {
    return call(chief, "POST", "/hosts", {{"name", name}, {"site", site_id}})["id"];
  }
  std::string credential(const std::string& name, const Json& more = Json::object()) {
    Json body{{"name", name},
              {"login", "root"},
              {"kind", "password"},
              {"hosts", {"*"}},
              {"password", "correct horse"}};
    body.update(more);
    return call(chief, "POST", "/credentials", body)["id"];
  }
  std::unique_ptr<Features> features;
  As chief, tech;
  std::string tech_id;
};
#define ON_BOTH                                            \
  sp::testing::ManualClock clock;                          \
  Bench bench {                                            \
    GENERATE(from_range(store::testing::engines())), clock \
  }

std::string drained(const api::Response& response) {
  std::string all;
  while (auto piece = response.stream()) {
    if (!*piece) break;
    all += **piece;
  }
  return all;
}
std::set<std::string> fields_of(const api::Response& response) {
  std::set<std::string> out;
  const auto body = ApiBench::json(response);
  for (const auto& error : body["errors"]) out.insert(error["field"]);
  return out;
}

TEST_CASE("a site is made with its defaults, changed in part, and removed when empty",
          "[api][sites]") {
  ON_BOTH;
  const auto made = bench.call(bench.chief, "POST", "/sites", {{"name", "Berlin"}});
  const std::string path = "/sites/" + made["id"].get<std::string>();

  CHECK(made["idle_minutes"] == 15);
  CHECK(made["record"] == true);
  CHECK(made["session_rights"].size() == 5);
  CHECK(made["rights"] == Json{"use", "see", "change"});
  const Json window{{"days", {"friday", "monday"}}, {"from", "22:00"}, {"to", "02:30"}};
  const auto changed = bench.call(bench.chief, "PATCH", path,
                                  {{"maintenance", window},
                                   {"networks", {"10.0.0.0/8"}},
                                   {"session_rights", {"input"}},
                                   {"recording_days", 30},
                                   {"revision", 1}});
  CHECK(changed["maintenance"]["days"] == Json{"monday", "friday"});
  CHECK(changed["maintenance"]["to"] == "02:30");
  CHECK(changed["name"] == "Berlin");
  CHECK(changed["session_rights"] == Json{"input"});
  CHECK(bench.status(bench.chief, "PATCH", path, {{"notes", "x"}, {"revision", 1}}) == 409);
  CHECK(
      bench.call(bench.chief, "PATCH", path, {{"maintenance", nullptr}})["maintenance"].is_null());
  bench.host("web-1", made["id"]);
  const auto refused = bench.send(bench.chief, "DELETE", path);
  CHECK(refused.status == 409);
  CHECK(ApiBench::json(refused)["reason"] == "not_empty");
}

TEST_CASE("what is wrong in a site, a host or a credential is named", "[api][sites][hosts]") {
  ON_BOTH;
  const auto site = bench.send(
      bench.chief, "POST", "/sites",
      R"({"networks":["10.0.0.1/8"],"maintenance":{"days":["someday"],"from":"25:00"},"colour":1})");
  const auto host = bench.send(bench.chief, "POST", "/hosts",
                               R"({"name":"x","site":"none","address":"a b","protocol":"ftp"})");
  const auto nowhere = bench.send(bench.chief, "POST", "/hosts", R"({"name":"x","site":"none"})");
  const auto credential = bench.send(bench.chief, "POST", "/credentials", R"({"name":"x"})");

  CHECK(fields_of(site) == std::set<std::string>{"name", "maintenance.days", "maintenance.from",
                                                 "maintenance.to", "colour"});
  CHECK(fields_of(host) == std::set<std::string>{"protocol"});
  CHECK(fields_of(nowhere) == std::set<std::string>{"site"});
  CHECK(fields_of(credential) == std::set<std::string>{"login", "kind"});
}

TEST_CASE("a technician sees, connects and changes as rights were given",
          "[api][hosts][promise-8]") {
  ON_BOTH;
  const auto site = bench.site("Berlin");
  const auto host = bench.host("web-1", site);
  const auto path = "/hosts/" + host;
  const auto rights = path + "/permissions/" + bench.tech_id;
  CHECK(bench.status(bench.tech, "GET", path) == 404);
  CHECK(bench.status(bench.tech, "PUT", rights, {{"rights", {"use"}}}) == 403);
  CHECK(bench.status(bench.tech, "POST", "/sites", {{"name", "mine"}}) == 403);

  const auto given = bench.call(bench.chief, "PUT", rights, {{"rights", {"use"}}});

  CHECK(given["person"]["login"] == "tech");
  CHECK(given["given_by"] == "chief");
  CHECK(bench.call(bench.tech, "GET", "/hosts")["items"].size() == 1);
  CHECK(bench.call(bench.tech, "GET", path)["rights"] == Json{"use"});
  CHECK(bench.status(bench.tech, "PATCH", path, {{"notes", "x"}}) == 403);
  CHECK(bench.call(bench.tech, "GET", path + "/credentials")["items"].empty());
  const auto until = rfc3339(clock.now() + std::chrono::hours{1});
  bench.call(bench.chief, "PUT", rights, {{"rights", {"use", "change"}}, {"until", until}});
  CHECK(bench.status(bench.tech, "PATCH", path, {{"notes", "x"}}) == 200);
  CHECK(bench.call(bench.chief, "GET", path + "/permissions")["items"].size() == 2);
  clock.advance(std::chrono::minutes{29});
  CHECK(bench.status(bench.tech, "GET", path) == 200);
  CHECK(bench.status(bench.chief, "GET", path) == 200);
  clock.advance(std::chrono::minutes{29});
  CHECK(bench.status(bench.tech, "GET", path) == 200);
  CHECK(bench.status(bench.chief, "GET", path) == 200);
  clock.advance(std::chrono::minutes{3});
  CHECK(bench.status(bench.tech, "GET", path) == 404);
  CHECK(bench.status(bench.chief, "PUT", rights, {{"rights", {"use"}}, {"until", until}}) == 400);
  CHECK(bench.status(bench.chief, "PUT", rights, {{"rights", Json::array()}}) == 400);
}

TEST_CASE("permissions are taken away, and what they are on must exist", "[api][permissions]") {
  ON_BOTH;
  const auto credential = "/credentials/" + bench.credential("root");
  const auto rights = credential + "/permissions/" + bench.tech_id;
  bench.call(bench.chief, "PUT", rights, {{"rights", {"use", "see"}}});
  CHECK(bench.status(bench.tech, "GET", credential) == 200);

  CHECK(bench.status(bench.chief, "DELETE", rights) == 204);

  CHECK(bench.status(bench.tech, "GET", credential) == 404);
  CHECK(bench.status(bench.chief, "DELETE", rights) == 404);
  CHECK(bench.status(bench.chief, "PUT", credential + "/permissions/nobody",
                     {{"rights", {"use"}}}) == 404);
  CHECK(bench.status(bench.chief, "GET", "/sites/none/permissions") == 404);
}

TEST_CASE("no answer but a reveal holds a secret", "[api][credentials][promise-8]") {
  ON_BOTH;
  const auto id = bench.credential("root");
  const auto path = "/credentials/" + id;
  const std::map<std::string, std::string> key{{"idempotency-key", "k1"}};
  const auto body =
      R"({"name":"two","login":"r","kind":"password","hosts":["*"],"password":"correct horse"})";

  const auto made = bench.send(bench.chief, "POST", "/credentials", body, key);
  const auto again = bench.send(bench.chief, "POST", "/credentials", body, key);

  CHECK(made.status == 201);
  CHECK(made.body == again.body);
  for (const auto* read : {"/credentials", "/hosts"})
    CHECK(bench.send(bench.chief, "GET", read).body.find("horse") == std::string::npos);
  CHECK(drained(bench.send(bench.chief, "GET", "/credentials/export?format=jsonl")).find("horse") ==
        std::string::npos);
  CHECK(made.body.find("horse") == std::string::npos);
  const auto shown = bench.call(bench.chief, "POST", path + "/reveal", {{"reason", "lost"}});
  CHECK(shown["password"] == "correct horse");
  CHECK(shown["private_key"].is_null());
  bench.call(bench.chief, "PUT", path + "/permissions/" + bench.tech_id, {{"rights", {"use"}}});
  CHECK(bench.status(bench.tech, "POST", path + "/reveal", Json::object()) == 403);
  const auto trail = bench.call(bench.chief, "GET", "/audit?code=credential");
  CHECK(trail["items"][0]["code"] == "credential.revealed");
  CHECK(trail["items"][0]["details"]["reason_given"] == "lost");
  CHECK(trail.dump().find("horse") == std::string::npos);
}

TEST_CASE("many are changed or removed at once, and what failed is told", "[api][hosts]") {
  ON_BOTH;
  const auto site = bench.site("Berlin");
  const auto one = bench.host("web-1", site), two = bench.host("web-2", site);

  const auto changed = bench.call(
      bench.chief, "POST", "/hosts/bulk",
      {{"ids", {one, two, "none"}}, {"change", {{"folder", "Linux"}, {"add_tags", {"prod"}}}}});
  CHECK(changed["changed"] == 2);
  CHECK(changed["failed"][0]["id"] == "none");
  CHECK(changed["failed"][0]["code"] == "not_found");
  CHECK(bench.call(bench.chief, "GET", "/hosts?folder=Linux")["items"].size() == 2);
  CHECK(bench.call(bench.chief, "GET", "/hosts/folders")["items"][0]["hosts"] == 2);
  CHECK(bench.status(bench.chief, "POST", "/hosts/bulk",
                     {{"ids", {one}}, {"change", {{"name", "same"}}}}) == 400);
  CHECK(bench.status(bench.chief, "POST", "/hosts/bulk", {{"ids", Json::array()}}) == 400);
  const auto removed =
      bench.call(bench.chief, "POST", "/hosts/bulk", {{"ids", {one, two}}, {"remove", true}});
  CHECK(removed["changed"] == 2);
  const auto sites = bench.call(bench.chief, "POST", "/sites/bulk",
                                {{"ids", {site}}, {"change", {{"record", false}}}});
  CHECK(sites["changed"] == 1);
}

TEST_CASE("what was exported is imported again, and a dry run writes nothing", "[api][hosts]") {
  ON_BOTH;
  const auto site = bench.site("Berlin");
  const auto one = bench.host("web-1", site);
  bench.call(bench.chief, "PATCH", "/hosts/" + one,
             {{"notes", "=1+1\nsecond"}, {"tags", {"a", "b"}}});
  const auto csv = drained(bench.send(bench.chief, "GET", "/hosts/export?format=csv"));
  bench.call(bench.chief, "DELETE", "/hosts/" + one);
  const auto import = [&](const std::string& path, const std::string& text) {
    return ApiBench::json(bench.send(bench.chief, "POST", path, text));
  };

  const auto dry = import("/hosts/import?dry_run=true", csv);
  CHECK(bench.call(bench.chief, "GET", "/hosts")["items"].empty());
  const auto done = import("/hosts/import", csv);

  CHECK(dry["created"] == 1);
  CHECK(dry["dry_run"] == true);
  CHECK(done["errors"].empty());
  const auto host = bench.call(bench.chief, "GET", "/hosts")["items"][0];
  CHECK(host["notes"] == "=1+1\nsecond");
  CHECK(host["tags"] == Json{"a", "b"});
  CHECK(import("/hosts/import", csv)["errors"][0]["line"] == 2);
  CHECK(import("/credentials/import", "name\nx\n")["errors"][0]["field"] == "login");
  CHECK(bench.send(bench.chief, "POST", "/hosts/import?update=maybe", csv).status == 400);
}

TEST_CASE("an export holds what its reader may see, without formulas", "[api][hosts]") {
  ON_BOTH;
  const auto site = bench.site("=1+1");
  const auto host = bench.host("web-1", site);
  bench.host("web-2", site);
  bench.call(bench.chief, "PUT", "/hosts/" + host + "/permissions/" + bench.tech_id,
             {{"rights", {"see"}}});

  const auto all = drained(bench.send(bench.chief, "GET", "/hosts/export?format=csv"));
  const auto some = drained(bench.send(bench.tech, "GET", "/hosts/export?format=jsonl"));

  CHECK(std::count(all.begin(), all.end(), '\n') == 3);
  CHECK(all.find("\"'=1+1\"") != std::string::npos);
  CHECK(std::count(some.begin(), some.end(), '\n') == 1);
  CHECK(drained(bench.send(bench.chief, "GET", "/sites/export?format=csv")).find("=1+1") !=
        std::string::npos);
  CHECK(bench.status(bench.chief, "GET", "/hosts/export?format=xml") == 400);
}

}  // namespace
}  // namespace sp::core
