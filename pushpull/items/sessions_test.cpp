#include "pushpull/items/sessions.h"

#include "base/testing/catch.h"
#include "pushpull/items/canonical_fixture.h"

namespace sp::pushpull {
namespace {

TicketPut some_ticket() {
  TicketPut put;
  put.session.fill(std::byte{1});
  put.open.fill(std::byte{2});
  put.life = Duration{60'000};
  put.protocol = "ssh";
  put.title = "db1";
  put.user = "ada";
  put.host = "db1.example";
  put.port = 22;
  put.networks = {"192.0.2.0/24"};
  put.host_keys = {"ssh-ed25519 AAAA"};
  put.rights = right::input | right::download;
  put.idle = Duration{600'000};
  put.total = Duration{3'600'000};
  put.record = true;
  put.recording_key.fill(std::byte{3});
  put.disk_full = "end";
  put.sealed = Bytes(40, std::byte{4});
  return put;
}

bool accepted(const TicketPut& put) {
  return decode_ticket_put(encode(put)).has_value();
}

}  // namespace

TEST_CASE("a ticket survives its encoding", "[items]") {
  const auto put = some_ticket();

  const auto back = decode_ticket_put(encode(put)).value();

  CHECK(back.session == put.session);
  CHECK(back.life == put.life);
  CHECK(back.host_keys == put.host_keys);
  CHECK(back.rights == put.rights);
  CHECK(back.recording_key == put.recording_key);
  CHECK(encode(back) == encode(put));
}

TEST_CASE("a ticket beyond its limits is refused", "[items]") {
  auto long_life = some_ticket();
  long_life.life = longest_ticket_life + Duration{1};
  auto no_port = some_ticket();
  no_port.port = 0;
  auto far_port = some_ticket();
  far_port.port = 65'536;
  auto unknown_right = some_ticket();
  unknown_right.rights = right::all + 1;
  auto many_keys = some_ticket();
  many_keys.host_keys.assign(most_host_keys + 1, "ssh-ed25519 AAAA");

  CHECK_FALSE(accepted(long_life));
  CHECK_FALSE(accepted(no_port));
  CHECK_FALSE(accepted(far_port));
  CHECK_FALSE(accepted(unknown_right));
  CHECK_FALSE(accepted(many_keys));
}

TEST_CASE("a session's end and files survive their encoding, with and without what is optional",
          "[items]") {
  const SessionEnded ended{"logout", 5, 70'000, 3, 9'000, Hash{std::byte{7}}, 0U};
  const SessionFile removed{"remove", "/tmp/a", 0, std::nullopt, "done"};

  CHECK(decode_session_ended(encode(ended)).value().exit == 0U);
  CHECK(decode_session_ended(encode(ended)).value().hash == ended.hash);
  CHECK_FALSE(decode_session_file(encode(removed)).value().hash.has_value());
}

TEST_CASE("a credential survives its encoding, and a large one is refused", "[items]") {
  const Credential key{"root", "key", {}, Bytes(400, std::byte{'k'}), {}, {}};
  const Credential large{"root", "password", Bytes(most_credential, std::byte{'p'}), {}, {}, {}};

  CHECK(decode_credential(encode(key)).value().private_key == key.private_key);
  CHECK_FALSE(decode_credential(encode(large)).has_value());
}

TEST_CASE("no changed bit or length of a ticket is taken for another form of a value", "[items]") {
  const auto good = encode(some_ticket());

  CHECK(not_canonical(good, decode_ticket_put) == 0);
  CHECK(accepted_cuts(good, decode_ticket_put) == 0);
}

}  // namespace sp::pushpull
