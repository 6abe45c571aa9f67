// Mails of a restored database: nothing goes out before somebody says so (core/mail/set_aside.h).
#include "core/mail/set_aside.h"

#include "core/messages/testing/bench.h"

namespace sp::messages {

using namespace testing;

namespace {

struct Restored : Bench {
  explicit Restored(store::Engine engine) : Bench(engine) { configure_mail(); }
  Sent invite() {
    auto wanted = plain("x");
    wanted.to = "guest@example.test";
    return send(std::move(wanted));
  }
  template <class Work>
  auto write(Work work) {
    auto done = fresh.store().write(work);
    REQUIRE(done);
    return *done;
  }
  std::int64_t set_aside() {
    return write([](store::Transaction& tx) { return mail::set_aside(tx); });
  }
  std::int64_t take_up(std::optional<std::string_view> id = {}) {
    return write([&](store::Transaction& tx) { return mail::take_up(tx, id, clock.now()); });
  }
  std::vector<mail::Aside> drop(std::optional<std::string_view> id = {}) {
    return write([&](store::Transaction& tx) { return mail::drop(tx, id, clock.now()); });
  }
  std::vector<mail::Aside> aside() {
    return write([](store::Transaction& tx) { return mail::aside(tx); });
  }
};

}  // namespace

TEST_CASE("what waited is sent only after it was taken up", "[messages][mail][promise-7]") {
  Restored bench{each_engine()};
  const auto sent = bench.invite();
  bench.deliver();

  CHECK(bench.set_aside() == 1);
  CHECK(bench.send_mails() == 0);
  const auto kept = bench.aside();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].recipient == "guest@example.test");
  CHECK(kept[0].message == sent.message.id);
  CHECK(bench.take_up("another") == 0);
  CHECK(bench.take_up(kept[0].id) == 1);

  CHECK(bench.send_mails() == 1);
  CHECK(bench.message(sent).mail == MailState::sent);
  CHECK(bench.aside().empty());
}

TEST_CASE("an invitation that is set aside stays so when its message becomes live",
          "[messages][mail][promise-7]") {
  Restored bench{each_engine()};
  bench.invite();
  CHECK(bench.set_aside() == 1);

  bench.deliver();

  CHECK(bench.send_mails() == 0);
  CHECK(bench.take_up() == 1);
  CHECK(bench.send_mails() == 1);
}

TEST_CASE("an invitation that is taken up waits for its message still", "[messages][mail]") {
  Restored bench{each_engine()};
  bench.invite();
  bench.set_aside();

  CHECK(bench.take_up() == 1);

  CHECK(bench.send_mails() == 0);
  bench.deliver();
  CHECK(bench.send_mails() == 1);
}

TEST_CASE("a mail that is dropped is erased unsent", "[messages][mail]") {
  Restored bench{each_engine()};
  bench.invite();
  bench.deliver();
  bench.set_aside();

  CHECK(bench.drop("another").empty());
  CHECK(bench.drop().size() == 1);

  CHECK(bench.take_up() == 0);
  CHECK(bench.send_mails() == 0);
  CHECK(bench.count("SELECT COUNT(*) FROM mails WHERE body IS NOT NULL") == 0);
}

TEST_CASE("what was sent before and what comes after is not set aside", "[messages][mail]") {
  Restored bench{each_engine()};
  bench.invite();
  bench.deliver();
  CHECK(bench.send_mails() == 1);

  CHECK(bench.set_aside() == 0);

  bench.invite();
  bench.deliver();
  CHECK(bench.send_mails() == 1);
}

}  // namespace sp::messages
