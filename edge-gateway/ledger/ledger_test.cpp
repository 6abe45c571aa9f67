#include "edge-gateway/ledger/ledger.h"

#include <fstream>

#include "base/random/random.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "base/testing/temporary_folder.h"

using namespace sp;
using namespace sp::edge_gateway;
using namespace std::chrono_literals;
namespace kind = pushpull::kind;

namespace {

struct Ticket {
  pushpull::TicketId id{};
  Secret secret;
  pushpull::TicketPut put;
};

/// One gateway's ledger, which a test may open again as a start does.
class Desk {
 public:
  Desk() { start(); }

  void start() {
    ledger.reset();
    ledger = Ledger::open({.directory = folder / "data"}, clock).value();
    REQUIRE(ledger->writer().run(
        [this](sqlite::Database& db) { return pushpull::create_inbox(db, random); }));
    ledger->items().tell(
        {.terminate = [this](const auto& id, const auto& by) { terminated.emplace_back(id, by); },
         .watched = [this](const auto& id, const auto& by) { watched.emplace_back(id, by); }});
    REQUIRE(ledger->start([] {}, [] {}));
  }
  Outcome apply(std::string_view kind, BytesView id, const Bytes& body) {
    return ledger->writer().run([&](sqlite::Database& db) {
      return ledger->items().apply(db, {1, std::string{kind}, bytes::copy(id), body});
    });
  }
  Ticket waiting(bool record = false) {
    Ticket out{random.bytes<16>(), random.secret(32), {}};
    const auto keys = pushpull::ticket_keys(out.id, out.secret);
    out.put.session = random.bytes<16>();
    out.put.open = keys.open;
    out.put.life = 60s;
    out.put.protocol = "ssh";
    out.put.host = "192.0.2.7";
    out.put.port = 22;
    out.put.record = record;
    out.put.disk_full = "end";
    out.put.sealed = pushpull::seal_credential(keys, out.id,
                                               {.login = "root",
                                                .kind = "password",
                                                .password = bytes::copy(bytes::of("x")),
                                                .private_key = {},
                                                .passphrase = {},
                                                .certificate = {}});
    REQUIRE(apply(kind::ticket_put, pushpull::hash_of(out.id), pushpull::encode(out.put)));
    return out;
  }
  /// "redeemed", or why not.
  std::string use(const Ticket& one, bool has_room = true) {
    std::string out;
    ledger->redeem(
        one.id, Secret::copy_of(one.secret.expose()), "192.0.2.1",
        [=](const pushpull::TicketPut&) { return has_room; },
        [&](Ledger::Answer answer) {
          const auto* refusal = answer ? std::get_if<Refusal>(&*answer) : nullptr;
          out = !answer ? name(answer.error().code()) : refusal ? name(*refusal) : "redeemed";
        });
    settle();
    return out;
  }
  void settle() {
    REQUIRE(ledger->writer().run([](sqlite::Database&) { return Outcome{}; }));
  }
  std::vector<pushpull::Event> events(std::string_view wanted) {
    std::vector<pushpull::Event> out;
    REQUIRE(ledger->writer().run([&](sqlite::Database& db) -> Outcome {
      for (auto& one : TRY(pushpull::read_events(db, 0, 1U << 20U)).events)
        if (one.kind == wanted) out.push_back(one);
      return {};
    }));
    return out;
  }
  pushpull::BlobResponse blob(const pushpull::SessionId& id, std::uint64_t offset,
                              std::uint64_t length) {
    pushpull::BlobResponse out;
    REQUIRE(ledger->writer().run([&](sqlite::Database& db) -> Outcome {
      out = TRY(ledger->items().blob(db, {bytes::copy(id), offset, length}));
      return {};
    }));
    return out;
  }

  OsRandom random;
  testing::TemporaryFolder folder;
  testing::ManualClock clock;
  std::vector<std::pair<pushpull::SessionId, std::string>> terminated, watched;
  std::unique_ptr<Ledger> ledger;
};

}  // namespace

TEST_CASE("a ticket whose user has no room waits on", "[gateway]") {
  Desk desk;
  const auto ticket = desk.waiting();

  CHECK(desk.use(ticket, false) == "too_many");
  CHECK(desk.events(kind::ticket_redeemed).empty());
  CHECK(desk.use(ticket) == "redeemed");
  CHECK(desk.use(ticket) == "used");
}

TEST_CASE("a session of an earlier start has ended, and says so once", "[gateway][promise-6]") {
  Desk desk;
  const auto ticket = desk.waiting();
  const auto other = desk.waiting();
  REQUIRE(desk.use(ticket) == "redeemed");

  desk.start();
  desk.start();

  const auto ended = desk.events(kind::session_ended);
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].id == bytes::copy(ticket.put.session));
  CHECK(pushpull::decode_session_ended(ended[0].body)->reason == "restarted");
  CHECK(desk.use(other) == "closed");
}

TEST_CASE("a session ends once, whoever says so", "[gateway]") {
  Desk desk;
  const auto ticket = desk.waiting();
  REQUIRE(desk.use(ticket) == "redeemed");
  pushpull::SessionEnded ended;
  ended.reason = "logout";

  desk.ledger->ended(ticket.put.session, ended);
  desk.ledger->ended(ticket.put.session, ended);

  CHECK(desk.events(kind::session_ended).size() == 1);
  desk.start();
  CHECK(desk.events(kind::session_ended).size() == 1);
}

TEST_CASE("the core is given the durable part of a recording until it has all", "[gateway]") {
  Desk desk;
  const auto ticket = desk.waiting(true);
  REQUIRE(desk.use(ticket) == "redeemed");
  const auto session = ticket.put.session;
  const auto path = recording::path_of(desk.ledger->recordings(), session);
  std::ofstream{path} << "0123456789";

  desk.ledger->recorded(session, {1, 8, {}});
  CHECK(bytes::text(desk.blob(session, 2, 100).data) == "234567");
  CHECK(desk.blob(session, 8, 100).total == 8);
  CHECK(desk.blob(session, ~std::uint64_t{0}, 100).data.empty());
  CHECK(desk.blob({}, 0, 100).total == 0);

  REQUIRE(desk.apply(kind::recording_stored, session, pushpull::empty_body()));
  CHECK(std::filesystem::exists(path));  // it runs
  pushpull::SessionEnded ended;
  ended.reason = "logout";
  ended.chunks = 1;
  ended.bytes = 10;
  desk.ledger->ended(session, ended);
  CHECK(desk.blob(session, 0, 100).total == 10);
  REQUIRE(desk.apply(kind::recording_stored, session, pushpull::empty_body()));
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(desk.blob(session, 0, 100).total == 0);
  CHECK(desk.apply(kind::recording_stored, session, pushpull::empty_body()));
}

TEST_CASE("a resync ends the sessions that the core does not know", "[gateway]") {
  Desk desk;
  const auto known = desk.waiting();
  const auto unknown = desk.waiting();
  REQUIRE(desk.use(known) == "redeemed");
  REQUIRE(desk.use(unknown) == "redeemed");
  const pushpull::Hash never{};

  std::vector<pushpull::Hash> lost;
  REQUIRE(desk.ledger->writer().run([&](sqlite::Database& db) -> Outcome {
    for (const auto& id : {pushpull::hash_of(known.id), never})
      TRY(db.run("INSERT INTO pushpull_live(id, views_left) VALUES (?1, 1)", id));
    lost = TRY(desk.ledger->items().resync(db));
    CHECK(TRY(desk.ledger->items().holds(db)) == 2);
    return {};
  }));

  CHECK(lost == std::vector<pushpull::Hash>{never});
  REQUIRE(desk.terminated.size() == 1);
  CHECK(desk.terminated[0].first == unknown.put.session);
}

TEST_CASE("what the core orders is read strictly", "[gateway]") {
  Desk desk;
  const auto session = desk.random.bytes<16>();

  REQUIRE(desk.apply(kind::session_terminate, session,
                     pushpull::encode(pushpull::SessionTerminate{"Eve"})));
  CHECK(desk.terminated.back().second == "Eve");
  REQUIRE(desk.apply(kind::session_watched, session,
                     pushpull::encode(pushpull::SessionWatched{"Ada"})));
  REQUIRE(desk.watched.size() == 1);
  CHECK(desk.watched.back() == std::pair{session, std::string{"Ada"}});
  CHECK(desk.apply(kind::session_watched, session, pushpull::empty_body()).error().code() ==
        Code::invalid_input);
  CHECK(desk.apply(kind::session_terminate, desk.random.bytes<15>(), pushpull::empty_body())
            .error()
            .code() == Code::invalid_input);
  CHECK(desk.apply("message.put", session, pushpull::empty_body()).error().code() ==
        Code::invalid_input);
}
