// The API of sessions with hosts, with a gateway and an inventory played by the test.
#include <thread>

#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/api/host_session_routes.h"
#include "core/api/testing/api_bench.h"
#include "core/sessions/testing/recorded.h"
#include "pushpull/envelope/envelope.h"
#include "pushpull/items/sessions.h"

namespace sp::core {
namespace {

using access::Role;
using api::Json;
using api::testing::ApiBench;
using api::testing::As;

/// A core with one gateway that takes whatever it is given, and one host, which ada may use.
struct Bench : ApiBench {
  explicit Bench(const Clock& clock)
      : ApiBench(store::Engine::sqlite, clock),
        context{fresh.store(), *keyring, *audit, clock, random},
        running(context) {
    ada = member("ada", Role::user);
    bob = member("bob", Role::user);
    chief = member("chief", Role::administrator);
    const auto system = access::system_actor();
    gateway = edges::add({fresh.store(), *keyring, *audit, clock, random},
                         *access::authorise(system, access::Action::edges_write),
                         {"site-a", "gateway", "https://gate.test", "https://127.0.0.1:1"})
                  ->edge;
    outbox = std::make_unique<edges::EdgeOutbox>(
        edges::Context{fresh.store(), *keyring, *audit, clock, random}, running.traffic(),
        gateway.id);
    set_applied();
    running.start({[this](const std::string&) { return health(); }, [](const std::string&) {},
                   [this](const std::string&, const pushpull::BlobRequest& request) {
                     return blob(request);
                   }});
    api::add_host_session_routes(router, *core, running, inventory());
  }
  ~Bench() { running.stop(); }

  // As if the link had pushed everything already.
  void set_applied() {
    REQUIRE(fresh.store().write([](store::Transaction& transaction) {
      return transaction.run("UPDATE edges SET applied = 1000000");
    }));
  }
  static std::optional<pushpull::LinkHealth> health() {
    pushpull::LinkHealth out;
    out.light = pushpull::Light::green;
    out.enrolled = true;
    return out;
  }
  Result<pushpull::BlobResponse> blob(const pushpull::BlobRequest& request) {
    const auto offset = std::min<std::size_t>(request.offset, recording.size());
    const auto size = std::min<std::size_t>(request.length, recording.size() - offset);
    return pushpull::BlobResponse{recording.size(),
                                  bytes::copy(BytesView{recording}.subspan(offset, size))};
  }
  api::Inventory inventory() {
    return {[this](const access::Actor& actor,
                   const api::Inventory::Wanted& wanted) -> Result<api::Inventory::Answer> {
              if (actor.login != "ada" || wanted.host != "host1")
                return Error{Code::not_found, "host: unknown"};
              if (wanted.reason.empty())
                return api::Inventory::Answer{
                    api::problem(Code::invalid_input, {}, {{"reason", "the site asks for one"}})};
              sessions::Destination to;
              to.site_name = "Site A";
              to.host = "host1";
              to.host_name = "db-1";
              to.address = "10.1.2.3";
              to.gateways = {gateway};
              to.secret = {"root", "password", bytes::copy(bytes::of("geheim")), {}, {}, {}};
              return api::Inventory::Answer{std::move(to)};
            },
            [this](const access::Actor&, const std::string&, const std::string& key,
                   api::Inventory::Pin how) -> Outcome {
              pinned = key + (how == api::Inventory::Pin::replace ? " replaces" : " is added");
              return {};
            },
            [](const access::Actor& actor, const std::string&) -> Outcome {
              if (actor.login != "chief") return Error{Code::forbidden, "host: no right"};
              return {};
            }};
  }

  Json connected() {
    const auto response =
        send(ada, "POST", "/connect", R"({"host":"host1","reason":"a broken index"})");
    REQUIRE(response.status == 201);
    return json(response);
  }
  std::string id_of_new() { return connected()["session"]["id"]; }
  void report(std::string_view kind, const std::string& id, Bytes body) {
    const pushpull::Event event{++last_event, std::string{kind}, *bytes::from_base64url(id),
                                core->clock.now(), std::move(body)};
    REQUIRE(outbox->store_events(std::vector{event}, event.seq));
  }
  /// A session that ran and was recorded.
  std::string recorded() {
    const auto id = id_of_new();
    report(pushpull::kind::session_started, id, encode(pushpull::SessionStarted{"10.1.2.3", ""}));
    const auto row = fresh.store().read([&](store::Transaction& transaction) {
      return transaction.one("SELECT private_key FROM recordings WHERE session = $1", id);
    });
    const auto key = keyring->open({"recordings", id, "private_key"}, (*row)->bytes(0));
    const auto own = *pushpull::StaticPrivateKey::of(key->expose());
    pushpull::SessionId raw{};
    std::ranges::copy(*bytes::from_base64url(id), raw.begin());
    sessions::testing::Recorded made{raw, pushpull::core_public_key(own).bytes, random};
    made.chunk(cast, true);
    recording = made.file;
    told = made.told;
    return id;
  }
  void end(const std::string& id) {
    report(pushpull::kind::session_ended, id,
           encode(pushpull::SessionEnded{"logout", 0, 0, told.chunks, told.bytes, told.hash, 0}));
    // The worker collects it.
    for (int round = 0; round < 500 && !is_stored(id); ++round)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    REQUIRE(is_stored(id));
  }
  bool is_stored(const std::string& id) {
    return sessions::find(fresh.store(), id)->recording.stored_at.has_value();
  }
  static std::string all_of(const api::Response& response) {
    std::string out;
    for (auto piece = response.stream(); *piece; piece = response.stream()) out += **piece;
    return out;
  }

  static constexpr std::string_view cast = "{\"version\":2}\n[0.1, \"o\", \"hello\"]\n";
  sessions::Context context;
  sessions::Running running;
  As ada, bob, chief;
  edges::Edge gateway;
  std::unique_ptr<edges::EdgeOutbox> outbox;
  Bytes recording;
  recordings::Progress told;
  std::string pinned;
  std::uint64_t last_event = 0;
};

}  // namespace

TEST_CASE("connecting gives the session and its address, once", "[api][sessions]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};

  const auto made = bench.connected();

  CHECK(made["url"].get<std::string>().starts_with("https://gate.test/s#"));
  CHECK(made["session"]["state"] == "waiting");
  CHECK(made["session"]["user"]["login"] == "ada");
  CHECK(made["session"]["rights"].size() == 5);
  const auto shown = bench.json(
      bench.send(bench.ada, "GET", "/sessions/" + made["session"]["id"].get<std::string>()));
  CHECK(shown["reason"] == "a broken index");
  CHECK(shown["events"][0]["code"] == "session.asked");
  CHECK(shown.dump().find("/s#") == std::string::npos);
}

TEST_CASE("what stands against connecting is said", "[api][sessions]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};

  const auto no_reason = bench.send(bench.ada, "POST", "/connect", R"({"host":"host1"})");
  CHECK(no_reason.status == 400);
  CHECK(bench.json(no_reason)["errors"][0]["field"] == "reason");
  CHECK(bench.send(bench.bob, "POST", "/connect", R"({"host":"host1","reason":"x"})").status ==
        404);
  CHECK(bench.send(bench.ada, "POST", "/connect", R"({"host":7})").status == 400);
  CHECK(bench.send(bench.ada, "POST", "/connect", R"({"host":"host1","more":1})").status == 400);
}

TEST_CASE("a session is its user's and the administrators'", "[api][sessions][promise-8]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  const auto path = "/sessions/" + bench.id_of_new();

  CHECK(bench.send(bench.bob, "GET", path).status == 404);
  CHECK(bench.send(bench.bob, "POST", path + "/end").status == 404);
  CHECK(bench.send(bench.bob, "POST", path + "/comments", R"({"text":"x"})").status == 404);
  CHECK(bench.send(bench.bob, "GET", path + "/recording").status == 404);
  CHECK(bench.send(bench.ada, "GET", path + "/live").status == 403);
  CHECK(bench.send(bench.chief, "GET", path).status == 200);
  CHECK(bench.json(bench.send(bench.bob, "GET", "/sessions"))["items"].empty());
  CHECK(bench.send(bench.bob, "GET", "/sessions?all=true").status == 404);
  CHECK(bench.json(bench.send(bench.chief, "GET", "/sessions?all=true"))["items"].size() == 1);
  CHECK(bench.json(bench.send(bench.ada, "GET", "/sessions?q=DB-1"))["items"].size() == 1);
  CHECK(bench.send(bench.ada, "GET", "/sessions?state=open").status == 400);
}

TEST_CASE("a session is ended and commented from here", "[api][sessions]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  const auto path = "/sessions/" + bench.id_of_new();

  CHECK(bench.json(bench.send(bench.ada, "POST", path + "/end"))["state"] == "revoked");
  CHECK(bench.send(bench.ada, "POST", path + "/end").status == 409);
  const auto commented =
      bench.send(bench.chief, "POST", path + "/comments", R"({"text":"seen\nand fine"})");
  CHECK(commented.status == 201);
  CHECK(bench.json(commented)["comments"][0]["text"] == "seen\nand fine");
  CHECK(bench.send(bench.ada, "POST", path + "/comments", R"({"text":""})").status == 400);
}

TEST_CASE("a recording is downloaded once it is here, and the trail says so", "[api][sessions]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  const auto id = bench.recorded();
  const auto path = "/sessions/" + id + "/recording";
  CHECK(bench.send(bench.ada, "GET", path).status == 503);

  bench.end(id);

  const auto response = bench.send(bench.ada, "GET", path);
  REQUIRE(response.status == 200);
  CHECK(response.type == "application/x-asciicast");
  CHECK(Bench::all_of(response) == Bench::cast);
  CHECK(bench.send(bench.ada, "GET", path + "?use=burn").status == 400);
  const auto trail = bench.json(bench.send(bench.chief, "GET", "/sessions/" + id))["recording"];
  CHECK(trail["state"] == "whole");
  const auto records = *audit::list(bench.fresh.store(), {}, 0, 10);
  CHECK(records.front().code == "recording.downloaded");
}

TEST_CASE("who looks on gets each line as an event", "[api][sessions]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  const auto id = bench.recorded();

  const auto response = bench.send(bench.chief, "GET", "/sessions/" + id + "/live");

  REQUIRE(response.status == 200);
  CHECK(response.type == "text/event-stream");
  CHECK(Bench::all_of(response) ==
        "data: {\"version\":2}\n\ndata: [0.1, \"o\", \"hello\"]\n\nevent: end\ndata: over\n\n");
  bench.end(id);
  CHECK(bench.send(bench.chief, "GET", "/sessions/" + id + "/live").status == 409);
}

TEST_CASE("a changed host key is trusted by who may change the host", "[api][sessions]") {
  sp::testing::ManualClock clock;
  Bench bench{clock};
  const auto id = bench.id_of_new();
  bench.report(pushpull::kind::session_host_key, id,
               encode(pushpull::SessionHostKey{"ssh-ed25519 AAAA", "changed"}));

  const auto open = bench.json(bench.send(bench.chief, "GET", "/host-keys"))["items"];
  REQUIRE(open.size() == 1);
  const auto path = "/host-keys/" + open[0]["id"].get<std::string>();
  CHECK(open[0]["verdict"] == "changed");
  CHECK(bench.send(bench.ada, "GET", "/host-keys").status == 403);
  CHECK(bench.send(bench.ada, "POST", path, R"({"decision":"trust"})").status == 403);
  CHECK(bench.send(bench.chief, "POST", path, R"({"decision":"perhaps"})").status == 400);
  CHECK(bench.send(bench.chief, "POST", path, R"({"decision":"trust"})").status == 204);
  CHECK(bench.pinned == "ssh-ed25519 AAAA replaces");
  CHECK(bench.send(bench.chief, "POST", path, R"({"decision":"trust"})").status == 409);
}

}  // namespace sp::core
