// What gateways report, on both engines.
#include "core/sessions/testing/bench.h"

namespace sp::sessions {

using namespace testing;
namespace kind = pushpull::kind;

TEST_CASE("a session goes from its ticket to its end", "[sessions]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;

  bench.redeem(id);
  CHECK(bench.session(id).state == State::opening);
  bench.report(kind::session_started, id,
               encode(pushpull::SessionStarted{"10.1.2.3", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"}));
  CHECK(bench.session(id).state == State::running);
  bench.report(kind::session_attached, id, encode(pushpull::SessionAttached{"192.0.2.10"}));
  bench.end(id, {"logout", 120, 4096, 0, 0, {}, 3});

  const auto session = bench.session(id);
  CHECK(session.state == State::ended);
  CHECK(session.end_reason == "logout");
  CHECK(session.exit == 3);
  CHECK(session.bytes_out == 4096);
  CHECK(session.source == "192.0.2.9");
  CHECK(session.dialled == "10.1.2.3");
  CHECK(session.host_key == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5");
  CHECK(bench.codes(id) == std::vector<std::string>{"session.asked", "session.opening",
                                                    "session.running", "session.attached",
                                                    "session.ended"});
  CHECK(bench.collector_woken == 1);
  for (const auto* code : {"host_session.opened", "host_session.started", "host_session.attached",
                           "host_session.ended"})
    CHECK(bench.trail_has(code));
}

TEST_CASE("an ended session changes no more", "[sessions][promise-6]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;
  bench.start(id);
  bench.end(id, {"idle", 0, 0, 0, 0, {}, {}});

  bench.end(id, {"logout", 9, 9, 0, 0, {}, 0});
  bench.report(kind::ticket_expired, id, pushpull::empty_body());
  bench.redeem(id);

  CHECK(bench.session(id).state == State::ended);
  CHECK(bench.session(id).end_reason == "idle");
  CHECK(bench.session(id).bytes_in == 0);
}

TEST_CASE("what a hostile gateway says is made harmless or passed over", "[sessions]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;

  bench.report(kind::ticket_redeemed, id, encode(pushpull::TicketRedeemed{"1.2.3.4<script>\n"}));
  bench.report(kind::session_started, id, encode(pushpull::SessionStarted{"::1", "a\nkey"}));
  bench.report(kind::session_started, id, bytes::copy(bytes::of("garbage")));
  bench.report(kind::session_file, id,
               encode(pushpull::SessionFile{"upload", "/tmp/a\x1b[2J", 5, {}, "done"}));
  bench.report(kind::session_ended, id,
               encode(pushpull::SessionEnded{"because", 0, 0, 0, 0, {}, {}}));
  bench.report("session.unheard", id, {});
  bench.report(kind::session_attached, bytes::base64url(Bytes(16)),
               encode(pushpull::SessionAttached{"x"}));

  const auto session = bench.session(id);
  CHECK(session.source == "1.2.3.4script");
  CHECK(session.host_key == "");
  CHECK(session.state == State::running);
  const auto carried =
      *files(bench.fresh.store(), bench.permit(access::Action::host_sessions_read), id);
  REQUIRE(carried.size() == 1);
  CHECK(carried[0].path == "/tmp/a?[2J");
}

TEST_CASE("another gateway cannot speak for a session", "[sessions][promise-6]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;
  const auto other = bench.add_edge("site-b");
  edges::EdgeOutbox theirs{bench.edges_context(), *bench.traffic, other.id};

  const pushpull::Event event{1, std::string{kind::session_ended}, bench.raw_id(id),
                              bench.clock.now(),
                              encode(pushpull::SessionEnded{"logout", 0, 0, 0, 0, {}, {}})};
  REQUIRE(theirs.store_events(std::vector{event}, 1));

  CHECK(bench.session(id).state == State::waiting);
}

TEST_CASE("files that a session carried are listed with their hashes", "[sessions]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;
  bench.start(id);
  pushpull::Hash hash{};
  hash[0] = std::byte{0xab};

  bench.report(kind::session_file, id,
               encode(pushpull::SessionFile{"download", "/etc/hosts", 300, hash, "done"}));

  const auto carried =
      *files(bench.fresh.store(), bench.permit(access::Action::host_sessions_read), id);
  REQUIRE(carried.size() == 1);
  CHECK(carried[0].action == "download");
  CHECK(carried[0].size == 300);
  CHECK(carried[0].sha256->starts_with("ab00"));
  CHECK(bench.trail_has("host_session.file"));
}

TEST_CASE("refusals of tickets are in the trail, with and without a session", "[sessions]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;

  bench.report(kind::ticket_refused, id, encode(pushpull::TicketRefused{"used", "192.0.2.1", 3}));
  bench.report(kind::ticket_refused, "",
               encode(pushpull::TicketRefused{"unknown", "192.0.2.1", 9}));

  CHECK(bench.count("SELECT COUNT(*) FROM audit WHERE code = 'ticket.refused'") == 2);
  CHECK(bench.codes(id).back() == "session.refused");
}

TEST_CASE("a waiting ticket is ended by revoking it, a running session by terminating it",
          "[sessions]") {
  Bench bench{each_engine()};
  const auto waiting = bench.connected().session.id;
  const auto running = bench.connected().session.id;
  bench.start(running);
  const auto permit = bench.permit(access::Action::host_sessions_write);
  const auto wake = bench.links.wake;

  CHECK(end(bench.context(), permit, waiting, wake)->state == State::revoked);
  CHECK(end(bench.context(), permit, running, wake)->state == State::running);

  const auto items = bench.items();
  REQUIRE(items.size() == 3);
  CHECK(items[0].kind == kind::ticket_revoke);
  CHECK(items[1].kind == kind::session_terminate);
  CHECK(items[2].kind == kind::session_terminate);
  CHECK(items[2].id == bench.raw_id(running));
  CHECK(pushpull::decode_session_terminate(items[2].body)->by == "Ada");
  CHECK(end(bench.context(), permit, waiting, wake).error().code() == Code::conflict);
  CHECK(bench.session(running).ended_by == "ada");
}

TEST_CASE("a ticket that was redeemed before it was revoked is a session all the same",
          "[sessions][promise-6]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;
  REQUIRE(end(bench.context(), bench.permit(access::Action::host_sessions_write), id,
              bench.links.wake));

  bench.redeem(id);

  CHECK(bench.session(id).state == State::opening);
  CHECK_FALSE(bench.session(id).ended_at.has_value());
  CHECK(bench.count("SELECT COUNT(*) FROM recordings WHERE over = 1") == 0);
}

TEST_CASE("the list for a resync has what waits and runs", "[sessions][promise-6]") {
  Bench bench{each_engine()};
  bench.connected();
  bench.start(bench.connected().session.id);
  const auto over = bench.connected().session.id;
  bench.end(over, {"logout", 0, 0, 0, 0, {}, 0});

  const auto live = *bench.outbox->live();

  CHECK(live.size() == 2);
  CHECK(live[0].views_left == 1);
}

TEST_CASE("what a gateway says nothing about is closed", "[sessions][promise-7]") {
  Bench bench{each_engine()};
  const auto waiting = bench.connected().session.id;
  const auto running = bench.connected().session.id;
  bench.start(running);

  bench.clock.advance(10min);
  CHECK(bench.traffic->sweep() == 1);
  CHECK(bench.session(waiting).state == State::expired);
  CHECK(bench.session(running).state == State::running);
  bench.clock.advance(8h + 10min);
  CHECK(bench.traffic->sweep() == 1);
  CHECK(bench.session(running).state == State::lost);
}

TEST_CASE("with its gateway a session is lost", "[sessions]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;
  bench.start(id);

  REQUIRE(edges::remove(bench.edges_context(), bench.permit(access::Action::edges_write),
                        *bench.traffic, bench.gateway.id));

  CHECK(bench.session(id).state == State::lost);
}

TEST_CASE("a host key that was met asks for a decision, once", "[sessions]") {
  Bench bench{each_engine()};
  const auto id = bench.connected().session.id;
  bench.redeem(id);
  const auto key =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIrF8b2vk6TTbBTLgoqyNyMNK4zpYPJmmZvAZ3Q5bk0v";
  const auto body = encode(pushpull::SessionHostKey{key, "changed"});

  bench.report(kind::session_host_key, id, body);
  bench.report(kind::session_host_key, id, body);

  const auto permit = bench.permit(access::Action::host_keys_read);
  const auto open = *open_sightings(bench.fresh.store(), permit, "host1");
  REQUIRE(open.size() == 1);
  CHECK(open[0].key == key);
  CHECK(open[0].verdict == Verdict::changed);
  CHECK(open[0].host_name == "db-1");
  CHECK(open_sightings(bench.fresh.store(), permit, "host2")->empty());
  CHECK(decide(bench.context(), bench.actor, open[0].id, Decision::trust));
  CHECK(open_sightings(bench.fresh.store(), permit, "")->empty());
  CHECK(decide(bench.context(), bench.actor, open[0].id, Decision::trust).error().code() ==
        Code::conflict);
  CHECK(bench.trail_has("host_key.seen"));
  CHECK(bench.trail_has("host_key.decided"));
}

TEST_CASE("a fingerprint is the one that ssh-keygen shows", "[sessions]") {
  CHECK(fingerprint("ssh-ed25519 "
                    "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f")
            .starts_with("SHA256:"));
  CHECK(fingerprint("nothing").empty());
  CHECK(fingerprint("ssh-ed25519 !!").empty());
}

}  // namespace sp::sessions
