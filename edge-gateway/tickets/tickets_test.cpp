#include "edge-gateway/tickets/tickets.h"

#include <thread>

#include "base/random/random.h"
#include "base/sqlite/writer.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "base/testing/temporary_folder.h"
#include "pushpull/inbox/inbox.h"

using namespace sp;
using namespace sp::edge_gateway;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

namespace {

struct Ticket {
  pushpull::TicketId id{};
  Secret secret;
  pushpull::TicketPut put;
};

/// One gateway's database, which a test may open again as a start does.
class Desk {
 public:
  Desk() { start(); }

  void start() {
    db.reset();
    db = sqlite::Database::open((folder / "edge.sqlite").string()).value();
    REQUIRE(pushpull::create_inbox(*db, random));
    REQUIRE(open_tickets(*db));
  }
  Ticket ticket(Duration life = 60s) {
    Ticket out{random.bytes<16>(), random.secret(32), {}};
    const auto keys = pushpull::ticket_keys(out.id, out.secret);
    out.put.session = random.bytes<16>();
    out.put.open = keys.open;
    out.put.life = life;
    out.put.protocol = "ssh";
    out.put.host = "192.0.2.7";
    out.put.port = 22;
    out.put.disk_full = "end";
    out.put.sealed = pushpull::seal_credential(keys, out.id, login());
    return out;
  }
  static pushpull::Credential login() {
    return {.login = "root",
            .kind = "password",
            .password = bytes::copy(bytes::of("tr0ub4dor")),
            .private_key = {},
            .passphrase = {},
            .certificate = {}};
  }
  Outcome take(const Ticket& one) {
    return put(*db, pushpull::hash_of(one.id), pushpull::encode(one.put), clock.now());
  }
  Ticket waiting(Duration life = 60s) {
    auto out = ticket(life);
    REQUIRE(take(out));
    return out;
  }
  std::string use(const Ticket& one) { return use(one.id, one.secret); }
  std::string use(const pushpull::TicketId& id, const Secret& secret) {
    const auto answer = redeem(*db, id, secret, "192.0.2.1", clock.now()).value();
    const auto* refusal = std::get_if<Refusal>(&answer);
    return refusal == nullptr ? "redeemed" : std::string{name(*refusal)};
  }
  Strings events() {
    Strings out;
    const auto all = pushpull::read_events(*db, 0, 1U << 20U).value();
    for (const auto& one : all.events) out.push_back(one.kind);
    return out;
  }
  std::int64_t bytes_kept() {
    auto row = db->query("SELECT coalesce(sum(length(body)), 0) FROM ticket").value();
    REQUIRE(row.step().value());
    return row.integer(0);
  }

  testing::TemporaryFolder folder;
  testing::ManualClock clock;
  OsRandom random;
  std::optional<sqlite::Database> db;
};

}  // namespace

TEST_CASE("a ticket is redeemed once, and its secret opens the credential", "[tickets]") {
  Desk desk;
  const auto ticket = desk.waiting();

  const auto answer = redeem(*desk.db, ticket.id, ticket.secret, "192.0.2.1", desk.clock.now());

  REQUIRE(answer);
  const auto& redeemed = std::get<Redeemed>(*answer);
  const auto opened =
      pushpull::open_credential(redeemed.keys, ticket.id, redeemed.ticket.sealed).value();
  CHECK(opened.password == Desk::login().password);
  CHECK(desk.use(ticket) == "used");
  CHECK(desk.events() == Strings{"ticket.redeemed"});
  CHECK(desk.bytes_kept() == 0);
}

TEST_CASE("a ticket that is unknown, guessed, late or revoked is refused", "[tickets]") {
  Desk desk;
  const auto ticket = desk.waiting();
  const auto revoked = desk.waiting();
  REQUIRE(revoke(*desk.db, pushpull::hash_of(revoked.id)));

  CHECK(desk.use(desk.ticket()) == "unknown");
  CHECK(desk.use(ticket.id, desk.random.secret(32)) == "proof");
  CHECK(desk.use(revoked) == "revoked");
  desk.clock.advance(60s);
  CHECK(desk.use(ticket) == "late");
  CHECK(desk.events().empty());
}

TEST_CASE("a wrong guess does not use up a ticket", "[tickets]") {
  Desk desk;
  const auto ticket = desk.waiting();

  desk.use(ticket.id, desk.random.secret(32));

  CHECK(desk.use(ticket) == "redeemed");
}

TEST_CASE("a start of the gateway closes what waited, also when it is put again", "[tickets]") {
  Desk desk;
  const auto ticket = desk.waiting();
  const auto used = desk.waiting();
  desk.use(used);

  desk.start();
  const auto again = desk.take(ticket);

  REQUIRE_FALSE(again);
  CHECK(again.error().code() == Code::conflict);
  CHECK(desk.use(ticket) == "closed");
  CHECK(desk.use(used) == "used");
  CHECK(desk.bytes_kept() == 0);
}

TEST_CASE("what is late ends with an event, and is forgotten after a day", "[tickets]") {
  Desk desk;
  const auto ticket = desk.waiting(1s);
  const auto other = desk.waiting(600s);

  desk.clock.advance(1s);
  REQUIRE(expire(*desk.db, desk.clock.now()));

  CHECK(desk.use(ticket) == "late");
  CHECK(desk.events() == Strings{"ticket.expired"});
  CHECK(tickets_waiting(*desk.db).value() == 1);
  desk.clock.advance(24h);
  REQUIRE(expire(*desk.db, desk.clock.now()));
  CHECK(desk.use(ticket) == "unknown");
  CHECK(desk.use(other) == "late");
}

TEST_CASE("a resync revokes what is not listed and tells what does not wait", "[tickets]") {
  Desk desk;
  const auto listed = desk.waiting();
  const auto unlisted = desk.waiting();
  const auto lost = pushpull::hash_of(desk.ticket().id);
  for (const auto& id : {pushpull::hash_of(listed.id), lost})
    REQUIRE(desk.db->run("INSERT INTO pushpull_live(id, views_left) VALUES (?1, 1)", id));

  const auto missing = resync_tickets(*desk.db);

  CHECK(missing.value() == std::vector{lost});
  CHECK(desk.use(unlisted) == "revoked");
  CHECK(desk.use(listed) == "redeemed");
}

TEST_CASE("a ticket for another protocol, or beyond its limits, is not taken", "[tickets]") {
  Desk desk;
  auto telnet = desk.ticket();
  telnet.put.protocol = "telnet";
  auto eternal = desk.ticket();
  eternal.put.life = pushpull::longest_ticket_life + 1ms;

  CHECK_FALSE(desk.take(telnet));
  CHECK_FALSE(desk.take(eternal));
  CHECK(tickets_waiting(*desk.db).value() == 0);
}

TEST_CASE("of four browsers that race for each of many tickets one wins", "[tickets]") {
  Desk desk;
  std::vector<Ticket> tickets;
  for (int i = 0; i < 200; ++i) tickets.push_back(desk.waiting());
  std::atomic<int> won{0};
  std::atomic<int> refused{0};

  {
    sqlite::Writer writer{*std::exchange(desk.db, std::nullopt)};
    const auto browser = [&] {
      for (const auto& one : tickets) {
        bool is_mine = false;
        const auto done = writer.run([&](sqlite::Database& db) -> Outcome {
          is_mine = std::holds_alternative<Redeemed>(
              TRY(redeem(db, one.id, one.secret, "192.0.2.1", desk.clock.now())));
          return {};
        });
        ++(done && is_mine ? won : refused);
      }
    };
    const std::array<std::jthread, 4> browsers{std::jthread{browser}, std::jthread{browser},
                                               std::jthread{browser}, std::jthread{browser}};
  }
  desk.start();

  CHECK(won == 200);
  CHECK(refused == 600);
  CHECK(desk.events() == Strings(200, "ticket.redeemed"));
}
