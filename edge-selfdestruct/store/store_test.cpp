#include "edge-selfdestruct/store/store.h"

#include <latch>

#include "base/testing/catch.h"
#include "edge-selfdestruct/store/testing/desk.h"

using namespace sp;
using namespace sp::testing;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

namespace {

template <class T>
Code refused(const edge::Answer<T>& answer) {
  REQUIRE_FALSE(answer.has_value());
  return answer.error().code;
}

std::string slot_key(Desk& desk) {
  const auto file = desk.file("slots.key");
  const auto slot = desk.rows("SELECT slot FROM message");
  return file.substr(4096 + 32 * (static_cast<std::size_t>(slot) - 1), 32);
}

bool is_in(const std::string& haystack, const Bytes& needle) {
  return haystack.find(bytes::text(BytesView{needle})) != std::string::npos;
}

}  // namespace

TEST_CASE("a message is revealed as it was put, and then it is gone", "[store][promise-3]") {
  Desk desk;
  const auto letter = desk.put();

  const auto first = desk.reveal(Desk::holder(letter));
  const auto second = desk.reveal(Desk::holder(letter));

  REQUIRE(first);
  CHECK(first->whole == letter.content);
  CHECK(refused(second) == Code::not_found);
  CHECK(desk.events() == Strings{"viewed 1 0", "destroyed views"});
}

TEST_CASE("a view is in the database before its content is answered", "[store][promise-3]") {
  Desk desk;
  const auto letter = desk.put({.views = 3});
  std::int64_t left_when_answered = -1;
  std::promise<void> answered;

  desk.store->reveal(Desk::holder(letter), [&](const edge::Answer<edge::Released>& answer) {
    auto other = sqlite::Database::open(desk.folder.file("data/edge.sqlite")).value();
    auto row = other.query("SELECT left FROM counter").value();
    if (answer && row.step().value()) left_when_answered = row.integer(0);
    answered.set_value();
  });
  answered.get_future().get();

  CHECK(left_when_answered == 2);
}

TEST_CASE("a message that was viewed out leaves no key and no row", "[store][promise-5]") {
  Desk desk;
  const auto letter = desk.put();
  const auto key = slot_key(desk);
  const auto sealed = desk.blob("SELECT sealed FROM chunk");
  REQUIRE(is_in(desk.stored(), sealed));

  REQUIRE(desk.reveal(Desk::holder(letter)));

  CHECK(Desk::eventually([&] { return desk.file("slots.key").find(key) == std::string::npos; }));
  CHECK(desk.erased());
  CHECK(desk.rows("SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM chunk)") == 0);
  CHECK(Desk::eventually([&] { return !is_in(desk.stored(), sealed); }));
}

TEST_CASE("what lies in the database is not what the core sent", "[store][promise-2]") {
  Desk desk;
  const auto letter = desk.put();

  desk.close();

  CHECK_FALSE(is_in(desk.stored(), letter.content));
  CHECK_FALSE(is_in(desk.stored(), letter.link_proof));
}

TEST_CASE("status counts nothing and tells what is left", "[store][promise-4]") {
  Desk desk;
  const auto letter = desk.put({.views = 2, .passphrase = true});

  const auto first = desk.status(Desk::holder(letter));
  const auto second = desk.status(Desk::holder(letter));

  REQUIRE(first);
  CHECK(first->left == 2);
  CHECK(first->stretch->passes == 3);
  CHECK(second->left == 2);
  CHECK(desk.events().empty());
}

TEST_CASE("a wrong link is answered like an unknown message and counts nothing",
          "[store][promise-9]") {
  Desk desk;
  const auto letter = desk.put({.passphrase = true});
  auto wrong = Desk::holder(letter);
  wrong.link[0] ^= std::byte{1};
  auto unknown = Desk::holder(letter);
  unknown.id[0] ^= std::byte{1};

  CHECK(refused(desk.reveal(wrong)) == Code::not_found);
  CHECK(refused(desk.reveal(unknown)) == Code::not_found);
  CHECK(refused(desk.destroy(wrong)) == Code::not_found);
  CHECK(desk.status(Desk::holder(letter))->attempts == 5);
  CHECK(desk.events().empty());
}

TEST_CASE("a wrong passphrase costs an attempt, and the last one the message",
          "[store][promise-5]") {
  Desk desk;
  const auto letter = desk.put({.attempts = 2, .passphrase = true});
  auto wrong = Desk::holder(letter, true);
  (*wrong.pass)[5] ^= std::byte{1};

  const auto first = desk.reveal(wrong);
  const auto second = desk.destroy(wrong);
  const auto third = desk.reveal(Desk::holder(letter, true));

  CHECK(first.error().attempts_left == 1);
  CHECK(second.error().attempts_left == 0);
  CHECK(refused(third) == Code::not_found);
  CHECK(desk.events() == Strings{"refused 1", "refused 0", "destroyed passphrase"});
}

TEST_CASE("a missing passphrase is refused and costs nothing", "[store]") {
  Desk desk;
  const auto letter = desk.put({.passphrase = true});

  const auto answer = desk.reveal(Desk::holder(letter));

  CHECK(refused(answer) == Code::forbidden);
  CHECK(answer.error().attempts_left == 5);
  CHECK(desk.reveal(Desk::holder(letter, true)));
}

TEST_CASE("guessing is slowed for its source, and not for the recipient elsewhere", "[store]") {
  Desk desk;
  desk.options.guesses = {.burst = 3, .every = 1h};
  desk.reopen();
  const auto letter = desk.put({.attempts = 100, .passphrase = true});
  auto wrong = Desk::holder(letter, true);
  (*wrong.pass)[5] ^= std::byte{1};
  for (int i = 0; i < 3; ++i) CHECK(refused(desk.reveal(wrong)) == Code::forbidden);

  const auto limited = desk.reveal(wrong);
  auto elsewhere = Desk::holder(letter, true);
  elsewhere.source = "198.51.100.0/24";

  CHECK(refused(limited) == Code::too_many);
  CHECK(limited.error().retry_after > Duration{0});
  CHECK(desk.reveal(elsewhere));
}

TEST_CASE("a stranger who tries wrong links is slowed, the holder of a link never", "[store]") {
  Desk desk;
  desk.options.strangers = {.burst = 5, .every = 1h};
  desk.reopen();
  const auto letter = desk.put();
  auto wrong = Desk::holder(letter);
  wrong.link[0] ^= std::byte{1};
  for (int i = 0; i < 5; ++i) CHECK(refused(desk.status(wrong)) == Code::not_found);

  CHECK(refused(desk.status(wrong)) == Code::too_many);
  CHECK(desk.reveal(Desk::holder(letter)));
}

TEST_CASE("within the grace the same browser gets the same view and claims none", "[store]") {
  Desk desk;
  const auto letter = desk.put({.grace = 60s});

  const auto first = desk.reveal(Desk::holder(letter));
  const auto token = first.value().grace.value().token;
  const auto again = desk.reveal(Desk::holder(letter, false, token));
  const auto stranger = desk.reveal(Desk::holder(letter));

  CHECK(again.value().whole == letter.content);
  CHECK(refused(stranger) == Code::not_found);
  CHECK(desk.status(Desk::holder(letter, false, token))->left == 0);
  CHECK(desk.events() == Strings{"viewed 1 0"});
}

TEST_CASE("the last view's message ends when its grace does", "[store][promise-5]") {
  Desk desk;
  const auto letter = desk.put({.grace = 60s});
  const auto token = desk.reveal(Desk::holder(letter)).value().grace.value().token;

  desk.clock.advance(61s);

  CHECK(refused(desk.reveal(Desk::holder(letter, false, token))) == Code::not_found);
  CHECK(desk.erased());
  CHECK(Desk::eventually([&] {
    return desk.events() == Strings{"viewed 1 0", "destroyed views"};
  }));
}

TEST_CASE("a recipient who has saved it ends the grace, and with the last view the message",
          "[store]") {
  Desk desk;
  const auto letter = desk.put({.views = 2, .grace = 60s});
  const auto one = desk.reveal(Desk::holder(letter)).value().grace.value().token;
  const auto two = desk.reveal(Desk::holder(letter)).value().grace.value().token;

  REQUIRE(desk.saved(Desk::holder(letter, false, one)));
  CHECK(refused(desk.reveal(Desk::holder(letter, false, one))) == Code::not_found);
  CHECK(desk.reveal(Desk::holder(letter, false, two)));
  REQUIRE(desk.saved(Desk::holder(letter, false, two)));

  CHECK(desk.events() == Strings{"viewed 1 1", "viewed 2 0", "destroyed views"});
}

TEST_CASE("a grace never outlives the message", "[store][promise-7]") {
  Desk desk;
  const auto letter = desk.put({.life = 30s, .grace = 10min});

  const auto first = desk.reveal(Desk::holder(letter));

  CHECK(first.value().grace.value().until == desk.clock.now() + 30s);
}

TEST_CASE("the recipient destroys a message", "[store][promise-5]") {
  Desk desk;
  const auto letter = desk.put({.views = 5});
  const auto key = slot_key(desk);

  REQUIRE(desk.destroy(Desk::holder(letter)));

  CHECK(refused(desk.status(Desk::holder(letter))) == Code::not_found);
  CHECK(desk.events() == Strings{"destroyed recipient"});
  CHECK(Desk::eventually([&] { return desk.file("slots.key").find(key) == std::string::npos; }));
}

TEST_CASE("the sender revokes a message", "[store][promise-5]") {
  Desk desk;
  const auto letter = desk.put();

  REQUIRE(desk.revoke(letter));
  REQUIRE(desk.revoke(letter));

  CHECK(refused(desk.reveal(Desk::holder(letter))) == Code::not_found);
  CHECK(Desk::eventually([&] { return desk.events() == Strings{"destroyed sender"}; }));
}

TEST_CASE("a message expires to the millisecond, whether or not anybody swept",
          "[store][promise-7]") {
  Desk desk;
  const auto letter = desk.put({.life = 10s});

  desk.clock.advance(10s);

  CHECK(refused(desk.reveal(Desk::holder(letter))) == Code::not_found);
  CHECK(Desk::eventually([&] { return desk.events() == Strings{"destroyed expired"}; }));
  CHECK(desk.erased());
}

TEST_CASE("a large message comes piece by piece, as it was put", "[store]") {
  Desk desk;
  const auto letter = desk.put({.size = 3 * 1024 * 1024 + 77});

  auto released = desk.reveal(Desk::holder(letter));

  REQUIRE(released);
  CHECK_FALSE(released->whole);
  CHECK(desk.content(*std::move(released)) == letter.content);
}

TEST_CASE("a large message can be sent to its end although its key is gone from the disk",
          "[store][promise-5]") {
  Desk desk;
  const auto letter = desk.put({.size = 2 * 1024 * 1024});
  const auto key = slot_key(desk);

  auto released = desk.reveal(Desk::holder(letter));
  REQUIRE(Desk::eventually([&] { return desk.file("slots.key").find(key) == std::string::npos; }));

  CHECK(desk.rows("SELECT count(*) FROM chunk") == 16);
  CHECK(desk.content(*std::move(released)) == letter.content);
  CHECK(desk.erased());
}

TEST_CASE("chunks out of order, too few or too many are refused for good", "[store]") {
  Desk desk;
  const auto letter = desk.letter(2 * 1024 * 1024);
  const auto chunk = [&](std::uint32_t index) {
    return Desk::item(letter, pushpull::kind::message_chunk,
                      encode(pushpull::MessageChunk{index, Bytes(1024 * 1024)}));
  };
  auto put = desk.form(letter, {});
  put.chunks = 2;

  CHECK(desk.apply(chunk(1)).error().code() == Code::invalid_input);
  REQUIRE(desk.apply(chunk(0)));
  CHECK(desk.apply(chunk(0)).error().code() == Code::invalid_input);
  CHECK(desk.apply(Desk::item(letter, pushpull::kind::message_put, encode(put))).error().code() ==
        Code::invalid_input);
  REQUIRE(desk.apply(chunk(1)));
  CHECK(desk.apply(Desk::item(letter, pushpull::kind::message_put, encode(put))));
}

TEST_CASE("the chunks of a message that never came are dropped without a word", "[store]") {
  Desk desk;
  REQUIRE(desk.put_chunks(desk.letter(1024 * 1024)));

  desk.clock.advance(49h);

  CHECK(Desk::eventually([&] { return desk.rows("SELECT count(*) FROM chunk") == 0; }));
  CHECK(desk.events().empty());
}

TEST_CASE("a put is refused when it makes no sense", "[store]") {
  Desk desk;
  const auto letter = desk.letter(100);
  const auto apply = [&](auto change) {
    auto put = desk.form(letter, {.passphrase = true});
    put.data = letter.content;
    change(put);
    const auto done = desk.apply(Desk::item(letter, pushpull::kind::message_put, encode(put)));
    return done ? Code::internal : done.error().code();
  };

  CHECK(apply([](auto& put) { put.views = 0; }) == Code::invalid_input);
  CHECK(apply([](auto& put) { put.salt.reset(); }) == Code::invalid_input);
  CHECK(apply([](auto& put) { put.attempts = 0; }) == Code::invalid_input);
  CHECK(apply([](auto& put) { put.memory_kib = 1; }) == Code::invalid_input);
  CHECK(apply([](auto& put) { put.grace = 11min; }) == Code::invalid_input);
  CHECK(apply([](auto& put) { put.size = 99; }) == Code::invalid_input);
  CHECK(apply([&](auto& put) { put.expires_at = desk.clock.now(); }) == Code::expired);
  CHECK(desk.rows("SELECT count(*) FROM message") == 0);
}

TEST_CASE("a second put of an id is refused, and the first one stays", "[store][promise-7]") {
  Desk desk;
  const auto letter = desk.put();
  auto put = desk.form(letter, {.views = 9});
  put.data = letter.content;

  const auto again = desk.apply(Desk::item(letter, pushpull::kind::message_put, encode(put)));

  CHECK(again.error().code() == Code::conflict);
  CHECK(desk.status(Desk::holder(letter))->left == 1);
}

TEST_CASE("nothing is served until the core has said what lives", "[store][promise-7]") {
  Desk desk;
  const auto letter = desk.put();

  desk.serving = false;
  CHECK(refused(desk.reveal(Desk::holder(letter))) == Code::not_found);
  desk.serving = true;

  CHECK(desk.reveal(Desk::holder(letter)));
}

TEST_CASE("a message whose key is gone is told as lost and never served", "[store][promise-7]") {
  Desk desk;
  const auto letter = desk.put();
  desk.close();
  std::filesystem::remove(desk.folder.file("data/slots.key"));

  desk.open();

  CHECK(refused(desk.reveal(Desk::holder(letter))) == Code::not_found);
  CHECK(desk.events() == Strings{"message.lost"});
}

TEST_CASE("a resync destroys what is not listed, lowers what is, and tells what is missing",
          "[store][promise-7]") {
  Desk desk;
  const auto kept = desk.put({.views = 5});
  const auto unlisted = desk.put();
  const auto viewed_out = desk.put({.views = 2});
  std::vector<pushpull::Hash> lost;

  desk.run([&](sqlite::Database& db) -> Outcome {
    TRY(db.script("CREATE TEMP TABLE pushpull_live(id BLOB PRIMARY KEY, views_left INTEGER)"));
    const std::string_view add = "INSERT INTO pushpull_live VALUES (?1, ?2)";
    TRY(db.run(add, kept.id_hash(), 2));
    TRY(db.run(add, viewed_out.id_hash(), 0));
    TRY(db.run(add, pushpull::Hash{}, 1));
    lost = TRY(desk.store->items().resync(db));
    return {};
  });

  CHECK(lost == std::vector<pushpull::Hash>{pushpull::Hash{}});
  CHECK(desk.status(Desk::holder(kept))->left == 2);
  CHECK(refused(desk.status(Desk::holder(unlisted))) == Code::not_found);
  CHECK(refused(desk.status(Desk::holder(viewed_out))) == Code::not_found);
  CHECK(desk.events() == Strings{"destroyed resync", "destroyed resync"});
}

TEST_CASE("a clock that runs back is reported once and brings nothing back", "[store][promise-7]") {
  Desk desk;
  const auto letter = desk.put({.life = 10s});
  desk.clock.advance(11s);
  REQUIRE(Desk::eventually([&] { return !desk.events().empty(); }));

  desk.clock.advance(-24h);

  CHECK(Desk::eventually([&] {
    return desk.events() == Strings{"destroyed expired", "warning clock_ran_back"};
  }));
  CHECK(refused(desk.reveal(Desk::holder(letter))) == Code::not_found);
}

TEST_CASE("an edge that is short of disk takes nothing new and still reveals",
          "[store][promise-6]") {
  Desk desk;
  const auto letter = desk.put();
  desk.options.disk_reserve = std::uint64_t{1} << 60U;
  desk.reopen();
  REQUIRE(Desk::eventually([&] { return desk.store->figures().short_of_disk; }));

  auto put = desk.form(letter, {});
  put.data = letter.content;
  const auto refusal =
      desk.apply(Desk::item(desk.letter(100), pushpull::kind::message_put, encode(put)));

  CHECK(refusal.error().code() == Code::unavailable);
  CHECK(desk.reveal(Desk::holder(letter)));
}

TEST_CASE("one function alone reads sealed content", "[store][promise-8]") {
  int found = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("edge-selfdestruct")) {
    const auto name = entry.path().string();
    if (name.find("node_modules") != std::string::npos || !name.ends_with(".cpp")) continue;
    if (name.ends_with("_test.cpp")) continue;
    const auto text = testing::content(name);
    for (auto at = text.find("SELECT sealed"); at != std::string::npos;
         at = text.find("SELECT sealed", at + 1))
      ++found;
  }
  CHECK(found == 1);
}
