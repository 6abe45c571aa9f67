// Recordings come home, on both engines.
#include <thread>

#include "core/sessions/testing/bench.h"
#include "core/sessions/testing/recorded.h"

namespace sp::sessions {

using namespace testing;

namespace {

constexpr std::string_view head = "{\"version\":2,\"width\":80,\"height\":24}\n";
constexpr std::string_view line = "[0.1, \"o\", \"hello\"]\n";

/// A session whose gateway recorded something.
struct Case {
  explicit Case(store::Engine engine, std::optional<std::int64_t> days = {}) : bench(engine) {
    auto to = bench.destination();
    to.recording_days = days;
    id = std::get<Connected>(*bench.ask(std::move(to))).session.id;
    const auto put = *pushpull::decode_ticket_put(bench.pushed.back().body);
    recorded = std::make_unique<Recorded>(put.session, put.recording_key, bench.random);
    bench.start(id);
  }
  void end() {
    bench.recording = recorded->file;
    const auto& told = recorded->told;
    bench.end(id, {"logout", 0, 0, told.chunks, told.bytes, told.hash, 0});
  }
  recordings::State state() { return bench.session(id).recording.state; }
  std::string shown() {
    const auto pieces =
        open_recording(bench.context(), bench.permit(access::Action::recordings_read),
                       bench.session(id), Use::play);
    if (!pieces) return "(" + std::string{name(pieces.error().code())} + ")";
    std::string out;
    for (auto piece = (*pieces)(); *piece; piece = (*pieces)()) out += text(**piece);
    return out;
  }
  int collected() { return *collect(bench.context(), bench.links); }

  Bench bench;
  std::string id;
  std::unique_ptr<Recorded> recorded;
};

}  // namespace

TEST_CASE("a recording comes home, and the gateway may delete it", "[sessions]") {
  Case one{each_engine()};
  one.bench.most_blob = 100;  // in many parts
  one.recorded->chunk(head);
  one.recorded->chunk(line);
  one.recorded->chunk("", true);
  one.end();
  CHECK(one.shown() == "(unavailable)");

  CHECK(one.collected() == 1);

  CHECK(one.state() == recordings::State::whole);
  CHECK(one.shown() == std::string{head} + std::string{line});
  const auto items = one.bench.items();
  CHECK(items.back().kind == pushpull::kind::recording_stored);
  CHECK(items.back().id == one.bench.raw_id(one.id));
  CHECK(one.bench.count("SELECT COUNT(*) FROM recordings WHERE private_key IS NOT NULL") == 0);
  CHECK(one.bench.trail_has("recording.stored"));
  CHECK(one.bench.trail_has("recording.played"));
  CHECK(one.collected() == 0);
}

TEST_CASE("a gateway that is away is asked again later", "[sessions]") {
  Case one{each_engine()};
  one.recorded->chunk(head, true);
  one.end();
  one.bench.blobs_answer = false;

  CHECK(one.collected() == 0);
  one.bench.blobs_answer = true;
  CHECK(one.collected() == 0);
  one.bench.clock.advance(1min);
  CHECK(one.collected() == 1);

  CHECK(one.state() == recordings::State::whole);
}

TEST_CASE("a gateway that was away for long is asked soon after it is back", "[sessions]") {
  Case one{each_engine()};
  one.recorded->chunk(head, true);
  one.end();
  one.bench.health->light = pushpull::Light::red;
  for (int round = 0; round < 10; ++round) {
    CHECK(one.collected() == 0);
    one.bench.clock.advance(20min);
  }
  CHECK(one.collected() == 0);

  one.bench.health->light = pushpull::Light::green;
  one.bench.clock.advance(15s);

  CHECK(one.collected() == 1);
  CHECK(one.state() == recordings::State::whole);
}

TEST_CASE("a recording without its last chunk is cut", "[sessions]") {
  Case one{each_engine()};
  one.recorded->chunk(head);
  one.recorded->chunk(line);
  one.end();

  CHECK(one.collected() == 1);

  CHECK(one.state() == recordings::State::cut);
  CHECK(one.shown() == std::string{head} + std::string{line});
}

TEST_CASE("a damaged recording shows what came before, and stays at the gateway",
          "[sessions][promise-2]") {
  Case one{each_engine()};
  one.recorded->chunk(head);
  one.recorded->chunk(line);
  one.recorded->chunk(line, true);
  one.recorded->file[one.recorded->file.size() - 60] ^= std::byte{1};
  one.end();

  for (int round = 0; round < 3; ++round) {
    one.collected();
    one.bench.clock.advance(20min);
  }

  CHECK(one.state() == recordings::State::damaged);
  CHECK(one.shown() == head);
  for (const auto& item : one.bench.items()) CHECK(item.kind != pushpull::kind::recording_stored);
  CHECK(one.bench.trail_has("recording.damaged"));
}

TEST_CASE("a gateway that shows less than it told is not believed", "[sessions]") {
  Case one{each_engine()};
  one.recorded->chunk(head);
  const auto less = one.recorded->file;
  one.recorded->chunk(line, true);
  one.end();
  one.bench.recording = less;

  for (int round = 0; round < 3; ++round) {
    one.collected();
    one.bench.clock.advance(20min);
  }

  CHECK(one.state() == recordings::State::damaged);
  CHECK(one.shown() == head);
}

TEST_CASE("a session that never began has no recording, after a while", "[sessions]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;
  bench.report(pushpull::kind::ticket_expired, id, pushpull::empty_body());

  CHECK(collect(bench.context(), bench.links) == 0);
  bench.clock.advance(2h);
  CHECK(collect(bench.context(), bench.links) == 1);

  CHECK(bench.session(id).recording.state == recordings::State::none);
}

TEST_CASE("a recording goes at the end of the site's time", "[sessions]") {
  Case one{each_engine(), 30};
  one.recorded->chunk(head, true);
  one.end();
  CHECK(one.collected() == 1);

  one.bench.clock.advance(std::chrono::days{29});
  CHECK(erase_old(one.bench.context()) == 0);
  one.bench.clock.advance(std::chrono::days{2});
  CHECK(erase_old(one.bench.context()) == 1);

  CHECK(one.state() == recordings::State::erased);
  CHECK(one.shown() == "(expired)");
  CHECK(one.bench.count("SELECT COUNT(*) FROM recording_pieces") == 0);
  CHECK(one.bench.trail_has("recording.erased"));
}

TEST_CASE("who looks on sees a running session as it goes, and its user is told", "[sessions]") {
  Case one{each_engine()};
  one.recorded->chunk(head);
  one.bench.recording = one.recorded->file;
  Watching watching{one.bench.context(), one.bench.links};
  one.bench.deliver();

  auto watch = *watching.begin(one.bench.permit(access::Action::host_sessions_watch),
                               one.bench.session(one.id));

  CHECK(text(**watch->next(1s)) == head);
  CHECK((*watch->next(0s))->empty());
  one.recorded->chunk(line, true);
  one.end();
  CHECK(text(**watch->next(1s)) == line);
  CHECK_FALSE(watch->next(1s)->has_value());
  const auto items = one.bench.items();
  REQUIRE(items.size() == 1);
  CHECK(items[0].kind == pushpull::kind::session_watched);
  CHECK(pushpull::decode_session_watched(items[0].body)->by == "Ada");
  CHECK(one.bench.trail_has("host_session.watched"));
}

TEST_CASE("the last one who looks on leaves, and the user is told", "[sessions]") {
  Case one{each_engine()};
  Watching watching{one.bench.context(), one.bench.links};
  const auto permit = one.bench.permit(access::Action::host_sessions_watch);
  one.bench.deliver();

  auto first = *watching.begin(permit, one.bench.session(one.id));
  auto second = *watching.begin(permit, one.bench.session(one.id));
  first.reset();
  second.reset();

  std::vector<std::string> told;
  for (const auto& item : one.bench.items())
    told.push_back(pushpull::decode_session_watched(item.body)->by);
  CHECK(told == std::vector<std::string>{"Ada", "Ada", "Ada", ""});
  CHECK(watching.begin(permit, one.bench.session(one.id)).has_value());
}

TEST_CASE("not more may look on than the limit, and none at what is over", "[sessions]") {
  Case one{each_engine()};
  Watching watching{one.bench.context(), one.bench.links};
  const auto permit = one.bench.permit(access::Action::host_sessions_watch);
  std::vector<std::shared_ptr<Watch>> all;
  for (std::size_t count = 0; count < Watching::most; ++count)
    all.push_back(*watching.begin(permit, one.bench.session(one.id)));

  CHECK(watching.begin(permit, one.bench.session(one.id)).error().code() == Code::too_many);
  all.clear();
  one.end();
  CHECK(watching.begin(permit, one.bench.session(one.id)).error().code() == Code::conflict);
}

}  // namespace sp::sessions
