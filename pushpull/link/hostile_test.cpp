// What a network, a stranger or an old recording can send to an intake: refused, nothing changed.
#include "base/random/random.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "pushpull/envelope/envelope.h"
#include "pushpull/link/edge_fixture.h"

namespace sp::pushpull {
namespace {

/// A core played by hand, past its enrolment and first resync.
struct ByHand {
  OsRandom random;
  sp::testing::ManualClock clock;
  NewLink made =
      make_link(EdgeId::random(random), "selfdestruct", "selfdestruct", random, clock.now());
  testing::Edge edge{clock, random, Pin::random(random)};
  StaticPublicKey edge_key;
  LinkPsk psk = made.keys.psk.copy();
  std::uint32_t epoch = 0;
  Epoch core_epoch = Epoch::random(random);
  Epoch edge_epoch;

  ByHand() {
    edge.enrol(made.kit);
    edge.start();
    edge_key = decode_enrolment_key(edge.answer({})->body)->key;
    auto next = LinkPsk::random(random);
    REQUIRE(ask(Operation::rekey, encode(RekeyRequest{1, next.copy()})).has_value());
    psk = std::move(next);
    epoch = 1;
    edge_epoch = decode_hello_response(
                     *ask(Operation::hello, encode(HelloRequest{core_epoch, clock.now(), "t"})))
                     ->edge_epoch;
    edge_epoch =
        push({Item{0, std::string{kind::resync}, {}, encode(Resync{edge_epoch, 0, 1, 0, {}})}})
            .edge_epoch;
  }
  SealedRequest seal(Operation operation, BytesView plain) {
    return seal_request({operation, made.keys.edge_id, epoch}, made.keys.core_key, edge_key, psk,
                        plain, random)
        .value();
  }
  std::optional<Bytes> ask(Operation operation, BytesView plain) {
    const auto sealed = seal(operation, plain);
    const auto answer = edge.answer(sealed.envelope);
    if (answer->status != 200) return {};
    return sealed.opener.open(answer->body).value();
  }
  Bytes batch(std::uint64_t seq) {
    const auto id = random.bytes<32>();
    return encode(
        PushRequest{core_epoch,
                    clock.now(),
                    {Item{seq, std::string{kind::message_put}, bytes::copy(id), Bytes(64)}}});
  }
  PushResponse push(std::vector<Item> items) {
    return decode_push_response(*ask(Operation::push, encode(PushRequest{core_epoch, clock.now(),
                                                                         std::move(items)})))
        .value();
  }
  /// True when the edge answers 400 without a body.
  bool refused(const Bytes& envelope) {
    const auto answer = edge.answer(envelope);
    return answer->status == 400 && answer->body.empty();
  }
};

}  // namespace

TEST_CASE("an envelope with any bit flipped, cut or lengthened is refused and nothing changes",
          "[intake][promise-6]") {
  ByHand core;
  const auto good = core.seal(Operation::push, core.batch(1)).envelope;
  const auto before = core.edge.dump();
  int accepted = 0;
  for (std::size_t at = 0; at < good.size() * 8; at += 3) {
    auto bad = good;
    bad[at / 8] ^= static_cast<std::byte>(1U << (at % 8));
    accepted += core.refused(bad) ? 0 : 1;
  }
  for (std::size_t size = 1; size < good.size(); size += 5)
    accepted +=
        core.refused(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))) ? 0 : 1;
  auto longer = good;
  longer.push_back(std::byte{0});

  CHECK(accepted == 0);
  CHECK(core.refused(longer));
  CHECK(core.edge.dump() == before);
  CHECK(core.edge.answer(good)->status == 200);  // and it was a good one
}

TEST_CASE("a replayed push is answered and changes nothing", "[intake][promise-6]") {
  ByHand core;
  const auto first = core.seal(Operation::push, core.batch(1));
  REQUIRE(core.edge.answer(first.envelope)->status == 200);
  const auto before = core.edge.dump();

  const auto again = core.edge.answer(first.envelope);

  CHECK(again->status == 200);
  CHECK(core.edge.dump() == before);
}

TEST_CASE("pushes that arrive in another order are not applied out of order",
          "[intake][promise-6]") {
  ByHand core;
  const auto first = core.seal(Operation::push, core.batch(1));
  const auto second = core.seal(Operation::push, core.batch(2));
  const auto before = core.edge.dump();

  const auto early = core.edge.answer(second.envelope);

  CHECK(decode_push_response(second.opener.open(early->body).value())->applied == 0);
  CHECK(core.edge.dump() == before);
  CHECK(core.edge.answer(first.envelope)->status == 200);
  CHECK(core.edge.answer(second.envelope)->status == 200);
  CHECK(core.edge.number("SELECT applied FROM pushpull_state") == 2);
}

TEST_CASE("a recorded resync and what followed it are refused after the next resync",
          "[intake][promise-3][promise-7]") {
  ByHand core;
  const auto epoch = core.edge_epoch;
  const auto resync =
      core.seal(Operation::push,
                encode(PushRequest{
                    core.core_epoch,
                    core.clock.now(),
                    {Item{0, std::string{kind::resync}, {}, encode(Resync{epoch, 0, 1, 0, {}})}}}));
  const auto push = core.seal(Operation::push, core.batch(1));
  REQUIRE(core.edge.answer(resync.envelope)->status == 200);
  REQUIRE(core.edge.answer(push.envelope)->status == 200);
  core.core_epoch = Epoch::random(core.random);
  const auto state = decode_hello_response(
      *core.ask(Operation::hello, encode(HelloRequest{core.core_epoch, core.clock.now(), "t"})));
  (void)core.push(
      {Item{0, std::string{kind::resync}, {}, encode(Resync{state->edge_epoch, 0, 1, 0, {}})}});
  const auto before = core.edge.dump();
  REQUIRE(core.edge.number("SELECT count(*) FROM shelf") == 0);

  const auto replayed_resync = core.edge.answer(resync.envelope);
  const auto replayed_push = core.edge.answer(push.envelope);

  CHECK(decode_push_response(resync.opener.open(replayed_resync->body).value())->resync);
  CHECK(decode_push_response(push.opener.open(replayed_push->body).value())->resync);
  CHECK(core.edge.dump() == before);
}

TEST_CASE("a foreign envelope is refused and nothing changes", "[intake][promise-6]") {
  ByHand core;
  ByHand other;
  const auto before = core.edge.dump();
  const auto plain = core.batch(1);
  const auto sealed = [&](const EdgeId& id, std::uint32_t epoch, const StaticPrivateKey& key,
                          const LinkPsk& psk) {
    return seal_request({Operation::push, id, epoch}, key, core.edge_key, psk, plain, core.random)
        ->envelope;
  };
  const auto& mine = core.made.keys;

  CHECK(core.refused(other.seal(Operation::push, plain).envelope));
  CHECK(core.refused(sealed(other.made.keys.edge_id, 1, mine.core_key, core.psk)));
  CHECK(core.refused(
      sealed(mine.edge_id, 0, mine.core_key, mine.psk)));  // the kit's key, once enrolled
  CHECK(core.refused(sealed(mine.edge_id, 2, mine.core_key, core.psk)));
  CHECK(core.refused(sealed(mine.edge_id, 1, other.made.keys.core_key, core.psk)));
  CHECK(core.refused(sealed(mine.edge_id, 1, mine.core_key, other.psk)));
  CHECK(core.edge.dump() == before);
  CHECK_FALSE(core.refused(sealed(mine.edge_id, 1, mine.core_key, core.psk)));
}

TEST_CASE("an operation's content that is not of its form is refused", "[intake]") {
  ByHand core;
  const auto before = core.edge.dump();

  for (const auto operation :
       {Operation::hello, Operation::push, Operation::pull, Operation::blob, Operation::rekey}) {
    CHECK(core.refused(core.seal(operation, {}).envelope));
    CHECK(core.refused(core.seal(operation, bytes::of("\xa1")).envelope));
  }
  CHECK(core.edge.dump() == before);
}

TEST_CASE("nothing but a rekey opens under the kit's key", "[intake]") {
  OsRandom random;
  sp::testing::ManualClock clock;
  const auto made =
      make_link(EdgeId::random(random), "selfdestruct", "selfdestruct", random, clock.now());
  testing::Edge edge{clock, random, Pin::random(random)};
  edge.enrol(made.kit);
  edge.start();
  const auto key = decode_enrolment_key(edge.answer({})->body)->key;
  const auto envelope = [&](Operation operation, BytesView plain) {
    return seal_request({operation, made.keys.edge_id, 0}, made.keys.core_key, key, made.keys.psk,
                        plain, random)
        ->envelope;
  };
  const auto rekey = encode(RekeyRequest{1, LinkPsk::random(random)});

  CHECK(edge.answer(envelope(Operation::hello, encode(HelloRequest{})))->status == 400);
  CHECK(edge.answer(envelope(Operation::rekey, encode(RekeyRequest{2, LinkPsk::random(random)})))
            ->status == 400);
  CHECK(edge.answer(envelope(Operation::rekey, rekey))->status == 200);
  clock.advance(kit_life);
  CHECK(edge.answer(envelope(Operation::rekey, rekey))->status == 400);  // the kit is too old now
}

TEST_CASE("an edge without a kit answers 404 and 400", "[intake]") {
  OsRandom random;
  sp::testing::ManualClock clock;
  testing::Edge edge{clock, random, Pin::random(random)};
  edge.start();

  CHECK(edge.answer({})->status == 404);
  CHECK(edge.answer(Bytes(200))->status == 400);
}

TEST_CASE("a kit is used once, in time, by the right kind of edge", "[intake]") {
  OsRandom random;
  const testing::TemporaryFolder folder;
  const auto now = from_millis(1'800'000'000'000);
  const auto kit = encode(make_link(EdgeId::random(random), "x", "selfdestruct", random, now).kit);

  CHECK(enrol(folder.path(), kit.expose(), "gateway", random, now).error().code() ==
        Code::invalid_input);
  CHECK(enrol(folder.path(), kit.expose(), "selfdestruct", random, now + kit_life).error().code() ==
        Code::expired);
  CHECK(enrol(folder.path(), kit.expose(), "selfdestruct", random, now).has_value());
  CHECK(enrol(folder.path(), kit.expose(), "selfdestruct", random, now).error().code() ==
        Code::conflict);
  const auto mode = std::filesystem::status(folder.path() / "link.key").permissions();
  CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a pull waits for an event and for no longer than it said", "[intake]") {
  ByHand core;
  const auto ask = [&](Duration wait) {
    return decode_pull_response(*core.ask(Operation::pull, encode(PullRequest{0, wait, 1'000'000})))
        .value();
  };
  const auto start = std::chrono::steady_clock::now();
  CHECK(ask(Duration{150}).events.empty());
  const auto waited = std::chrono::steady_clock::now() - start;
  REQUIRE(core.edge.answer(core.seal(Operation::push, core.batch(1)).envelope)->status == 200);
  const auto id =
      bytes::from_hex(core.edge.text("SELECT hex(id) FROM shelf").substr(0, 64)).value();
  std::jthread viewer{[&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    CHECK(core.edge.view(id));
  }};

  const auto pulled = ask(Duration{20'000});

  CHECK(waited >= std::chrono::milliseconds{150});
  REQUIRE(pulled.events.size() == 1);
  CHECK(pulled.events[0].kind == kind::message_viewed);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{10});
}

}  // namespace sp::pushpull
