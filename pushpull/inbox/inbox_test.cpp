#include "pushpull/inbox/inbox.h"

#include <unistd.h>

#include <filesystem>

#include "base/random/random.h"
#include "base/testing/catch.h"

namespace sp::pushpull {
namespace {

constexpr Instant noon = from_millis(1'800'000'000'000);

/// Keeps messages by id, and counts how often each was put.
class Shelf final : public ItemHandler {
 public:
  Outcome apply(sqlite::Database& db, const Item& item) override {
    if (item.kind == kind::message_revoke) {
      TRY(db.run("DELETE FROM shelf WHERE id = ?1", item.id));
      return {};
    }
    if (item.kind != kind::message_put) return Error{Code::invalid_input, "kind"};
    TRY(
        db.run("INSERT INTO shelf (id, puts, views) VALUES (?1, 1, 2) "
               "ON CONFLICT DO UPDATE SET puts = puts + 1",
               item.id));
    if (item.body == bytes::copy(bytes::of("final"))) return Error{Code::too_many, "final"};
    if (item.body == bytes::copy(bytes::of("disk"))) return Error{Code::unavailable, "disk"};
    return {};
  }
  Result<std::vector<Hash>> resync(sqlite::Database& db) override {
    TRY(db.run("DELETE FROM shelf WHERE id NOT IN (SELECT id FROM pushpull_live)"));
    TRY(
        db.run("UPDATE shelf SET views = min(views, (SELECT views_left FROM pushpull_live l "
               "WHERE l.id = shelf.id))"));
    auto rows =
        TRY(db.query("SELECT id FROM pushpull_live WHERE id NOT IN (SELECT id FROM shelf)"));
    std::vector<Hash> lost;
    while (TRY(rows.step())) {
      bytes::Reader reader{rows.blob_view(0)};
      lost.push_back(reader.array<32>().value());
    }
    return lost;
  }
  Result<std::uint64_t> holds(sqlite::Database& db) override {
    auto row = TRY(db.query("SELECT count(*) FROM shelf"));
    TRY(row.step());
    return static_cast<std::uint64_t>(row.integer(0));
  }
};

/// An edge's database, and a core that has made its first resync.
struct Edge {
  OsRandom random;
  sqlite::Database db = sqlite::Database::open(":memory:").value();
  Shelf shelf;
  Epoch core = Epoch::random(random);

  Edge() {
    REQUIRE(create_inbox(db, random).has_value());
    REQUIRE(
        db.script("CREATE TABLE shelf (id BLOB PRIMARY KEY, puts INTEGER, views INTEGER) STRICT")
            .has_value());
  }
  InboxState state() { return read_state(db).value(); }
  Result<PushResponse> push(std::vector<Item> items) {
    auto work = sqlite::Transaction::begin(db).value();
    auto response = apply(db, PushRequest{core, noon, std::move(items)}, shelf, random, noon);
    if (response) REQUIRE(std::move(work).commit().has_value());
    return response;
  }
  PushResponse resync(std::uint64_t settled, std::vector<LiveMessage> live,
                      std::uint64_t last_event = 0) {
    const Resync body{state().edge_epoch, 0, 1, last_event, std::move(live)};
    return push({Item{settled, std::string{kind::resync}, {}, encode(body)}}).value();
  }
  std::int64_t number(const std::string& sql) {
    auto row = db.query(sql).value();
    REQUIRE(row.step().value());
    return row.integer(0);
  }
  std::string dump() {
    std::string text;
    for (const auto* sql :
         {"SELECT hex(edge_epoch)||'|'||coalesce(hex(core_epoch),'')||'|'||applied||'|'||"
          "last_event||'|'||acknowledged||'|'||changes||'|'||closed FROM pushpull_state",
          "SELECT seq||kind||hex(id)||at||hex(body) FROM pushpull_event ORDER BY seq",
          "SELECT hex(id)||puts||'/'||views FROM shelf ORDER BY id"}) {
      auto rows = db.query(sql).value();
      while (rows.step().value()) text += rows.text(0) + "\n";
    }
    return text;
  }
};

Hash id_of(std::uint8_t number) {
  Hash id{};
  id.front() = std::byte{number};
  return id;
}
Item put(std::uint64_t seq, std::string_view body = "ok") {
  const auto id = id_of(static_cast<std::uint8_t>(seq));
  return {seq, std::string{kind::message_put}, Bytes(id.begin(), id.end()),
          bytes::copy(bytes::of(body))};
}

}  // namespace

TEST_CASE("nothing is applied before the first resync", "[inbox]") {
  Edge edge;

  const auto response = edge.push({put(1)}).value();

  CHECK(response.resync);
  CHECK(response.applied == 0);
  CHECK(edge.number("SELECT count(*) FROM shelf") == 0);
}

TEST_CASE("a batch is applied and counted", "[inbox][promise-6]") {
  Edge edge;
  (void)edge.resync(0, {});

  const auto response = edge.push({put(1), put(2), put(3)}).value();

  CHECK(response.applied == 3);
  CHECK_FALSE(response.resync);
  CHECK(edge.state().applied == 3);
  CHECK(edge.number("SELECT count(*) FROM shelf") == 3);
}

TEST_CASE("items that come again are skipped", "[inbox][promise-6]") {
  Edge edge;
  (void)edge.resync(0, {});
  (void)edge.push({put(1), put(2)});

  const auto response = edge.push({put(1), put(2), put(3)}).value();

  CHECK(response.applied == 3);
  CHECK(edge.number("SELECT max(puts) FROM shelf") == 1);
}

TEST_CASE("a replayed batch changes nothing", "[inbox][promise-6]") {
  Edge edge;
  (void)edge.resync(0, {});
  (void)edge.push({put(1), put(2)});
  const auto before = edge.dump();

  const auto response = edge.push({put(1), put(2)}).value();

  CHECK(response.applied == 2);
  CHECK(edge.dump() == before);
}

TEST_CASE("a batch after a gap is not applied", "[inbox][promise-6]") {
  Edge edge;
  (void)edge.resync(0, {});
  const auto before = edge.dump();

  const auto response = edge.push({put(2), put(3)}).value();

  CHECK(response.applied == 0);
  CHECK(edge.dump() == before);
}

TEST_CASE("a batch with a hole or out of order is refused as a whole", "[inbox][promise-6]") {
  Edge edge;
  (void)edge.resync(0, {});
  const auto before = edge.dump();

  CHECK_FALSE(edge.push({put(1), put(3)}).has_value());
  CHECK_FALSE(edge.push({put(2), put(1)}).has_value());
  CHECK_FALSE(edge.push({put(0)}).has_value());
  CHECK(edge.dump() == before);
}

TEST_CASE("an item that can never be applied is reported and passed", "[inbox]") {
  Edge edge;
  (void)edge.resync(0, {});

  const auto response = edge.push({put(1), put(2, "final"), put(3)}).value();

  CHECK(response.applied == 3);
  REQUIRE(response.refused.size() == 1);
  CHECK(response.refused[0].seq == 2);
  CHECK(response.refused[0].code == "too_many");
  CHECK(edge.number("SELECT count(*) FROM shelf") == 2);  // its own insert was undone
}

TEST_CASE("a refusal is told again until the core goes on", "[inbox][promise-6]") {
  Edge edge;
  (void)edge.resync(0, {});
  (void)edge.push({put(1, "final"), put(2)});

  const auto again = edge.push({put(1, "final"), put(2), put(3, "final")}).value();
  const auto later = edge.push({put(3, "final"), put(4)}).value();

  REQUIRE(again.refused.size() == 2);
  CHECK(again.refused[0].seq == 1);
  CHECK(again.refused[1].seq == 3);
  REQUIRE(later.refused.size() == 1);
  CHECK(later.refused[0].seq == 3);
  CHECK(edge.number("SELECT count(*) FROM pushpull_refused") == 1);
}

TEST_CASE("a failure that may pass fails the whole batch", "[inbox][promise-6]") {
  Edge edge;
  (void)edge.resync(0, {});
  const auto before = edge.dump();

  const auto response = edge.push({put(1), put(2, "disk"), put(3)});

  CHECK(response.error().code() == Code::unavailable);
  CHECK(edge.dump() == before);
}

TEST_CASE("an item that is too large is refused", "[inbox]") {
  Edge edge;
  (void)edge.resync(0, {});

  const auto response = edge.push({put(1, std::string(most_item_body + 1, 'x'))}).value();

  REQUIRE(response.refused.size() == 1);
  CHECK(response.refused[0].code == "invalid_input");
}

TEST_CASE("events wait until they are acknowledged", "[inbox][promise-6]") {
  Edge edge;
  (void)edge.resync(0, {});
  for (std::uint8_t i = 1; i <= 3; ++i)
    CHECK(append_event(edge.db, kind::message_viewed, id_of(i), noon, empty_body()).value() == i);

  const auto first = read_events(edge.db, 0, 1).value();
  const auto all = read_events(edge.db, 0, 1'000'000).value();
  const auto acknowledged = acknowledge(edge.db, 2).value();
  const auto rest = read_events(edge.db, 2, 1'000'000).value();

  CHECK(first.events.size() == 1);
  CHECK(first.more);
  CHECK(all.events.size() == 3);
  CHECK_FALSE(all.more);
  CHECK(acknowledged);
  REQUIRE(rest.events.size() == 1);
  CHECK(rest.events[0].seq == 3);
  CHECK(rest.events[0].at == noon);
  CHECK(edge.number("SELECT count(*) FROM pushpull_event") == 1);
}

TEST_CASE("acknowledging what never was closes the edge until a resync", "[inbox][promise-7]") {
  Edge edge;
  (void)edge.resync(0, {});
  (void)append_event(edge.db, kind::message_viewed, id_of(1), noon, empty_body());

  CHECK_FALSE(acknowledge(edge.db, 5).value());
  CHECK(edge.state().closed);
  CHECK(edge.push({put(1)}).value().resync);

  CHECK_FALSE(edge.resync(0, {}, 5).resync);
  CHECK_FALSE(edge.state().closed);
  CHECK(edge.state().last_event == 5);
}

TEST_CASE("a core whose cursor ran back is told to make a resync", "[inbox][promise-7]") {
  Edge edge;
  (void)edge.resync(0, {});
  for (std::uint8_t i = 1; i <= 5; ++i)
    (void)append_event(edge.db, kind::message_viewed, id_of(i), noon, empty_body());
  (void)acknowledge(edge.db, 4);
  const auto before = edge.dump();

  CHECK_FALSE(acknowledge(edge.db, 2).value());
  CHECK(edge.dump() == before);

  (void)edge.resync(0, {}, 2);
  CHECK(acknowledge(edge.db, 2).value());
  CHECK(read_events(edge.db, 2, 1'000'000)->events.size() == 1);  // the fifth is not lost
}

TEST_CASE("a resync destroys what is not listed and reports what is not here",
          "[inbox][promise-6][promise-7]") {
  Edge edge;
  (void)edge.resync(0, {});
  (void)edge.push({put(1), put(2)});
  edge.core = Epoch::random(edge.random);

  const auto told = edge.push({put(3)}).value();
  const auto response = edge.resync(7, {{id_of(2), 1}, {id_of(9), 1}}, 0);

  CHECK(told.resync);
  CHECK(response.applied == 7);
  CHECK_FALSE(response.resync);
  CHECK(edge.number("SELECT count(*) FROM shelf") == 1);
  CHECK(edge.number("SELECT views FROM shelf") == 1);  // the core had seen a view
  const auto events = read_events(edge.db, 0, 1'000'000)->events;
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == kind::message_lost);
  CHECK(events[0].id.front() == std::byte{9});
  CHECK(edge.push({put(8)}).value().applied == 8);
}

TEST_CASE("a resync gives the edge a new epoch and a replay of it is refused",
          "[inbox][promise-7]") {
  Edge edge;
  const auto old_epoch = edge.state().edge_epoch;
  (void)edge.resync(0, {});
  (void)edge.push({put(1)});
  const auto before = edge.dump();

  const Resync body{old_epoch, 0, 1, 0, {}};
  const auto replayed = edge.push({Item{0, std::string{kind::resync}, {}, encode(body)}});

  CHECK(edge.state().edge_epoch != old_epoch);
  CHECK((!replayed.has_value() || replayed->resync));
  CHECK(edge.dump() == before);
}

TEST_CASE("a resync may come in parts, in their order", "[inbox]") {
  Edge edge;
  (void)edge.resync(0, {});
  (void)edge.push({put(1), put(2), put(3)});
  const auto epoch = edge.state().edge_epoch;
  const auto part = [&](std::uint32_t number, std::vector<LiveMessage> live) {
    return edge
        .push({Item{3,
                    std::string{kind::resync},
                    {},
                    encode(Resync{epoch, number, 2, 0, std::move(live)})}})
        .value();
  };

  CHECK(part(1, {{id_of(1), 1}}).resync);
  CHECK_FALSE(part(0, {{id_of(1), 1}}).resync);
  CHECK(edge.number("SELECT count(*) FROM shelf") == 3);
  CHECK_FALSE(part(1, {{id_of(3), 1}}).resync);
  CHECK(edge.number("SELECT count(*) FROM shelf") == 2);
  CHECK(edge.state().edge_epoch != epoch);
}

TEST_CASE("a resync among other items is refused", "[inbox]") {
  Edge edge;
  (void)edge.resync(0, {});
  const Resync body{edge.state().edge_epoch, 0, 1, 0, {}};
  const auto resync_item = Item{2, std::string{kind::resync}, {}, encode(body)};

  const auto response = edge.push({put(1), resync_item}).value();

  REQUIRE(response.refused.size() == 1);
  CHECK(response.refused[0].seq == 2);
}

TEST_CASE("key.rotate is noted for the next rekey", "[inbox]") {
  Edge edge;
  (void)edge.resync(0, {});

  (void)edge.push({Item{1, std::string{kind::key_rotate}, {}, empty_body()}});

  CHECK(edge.state().rotate_key);
  CHECK(clear_rotate_key(edge.db).has_value());
  CHECK_FALSE(edge.state().rotate_key);
}

TEST_CASE("each change is counted", "[inbox][promise-7]") {
  Edge edge;
  (void)edge.resync(0, {});
  const auto first = edge.state().changes;
  (void)edge.push({put(1)});
  const auto second = edge.state().changes;
  (void)append_event(edge.db, kind::message_viewed, id_of(1), noon, empty_body());
  const auto third = edge.state().changes;
  (void)acknowledge(edge.db, 1);

  CHECK(second > first);
  CHECK(third > second);
  CHECK(edge.state().changes > third);
}

}  // namespace sp::pushpull
