#include "edge-gateway/worker/frames.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;

namespace {

Start some_start() {
  Start start;
  start.credential = {"root", "password", bytes::copy(bytes::of("tr0ub4dor")), {}, {}, {}};
  start.host = "db1.example";
  start.port = 22;
  start.host_keys = {"ssh-ed25519 AAAA"};
  start.columns = 120;
  start.rows = 40;
  start.term = "xterm-256color";
  return start;
}

bool accepted(const Start& start) {
  return decode_start(encode(start)).has_value();
}

Bytes two_frames() {
  Bytes out;
  append_frame(out, FrameKind::keys, bytes::of("ls\n"));
  append_part(out, FrameKind::upload, {7, bytes::of("content")});
  return out;
}

// The bodies that a stream holds, with their kinds, when it comes `piece` bytes at a time.
std::string read_in_pieces(BytesView stream, std::size_t piece) {
  FrameReader reader;
  std::string told;
  while (!stream.empty()) {
    const auto size = std::min(piece, stream.size());
    reader.add(stream.first(size));
    stream = stream.subspan(size);
    for (auto frame = reader.next().value(); frame; frame = reader.next().value())
      told += std::to_string(static_cast<int>(frame->kind)) + ":" +
              std::string{bytes::text(frame->body)} + ";";
  }
  return told;
}

bool refused(std::string_view stream) {
  FrameReader reader;
  reader.add(bytes::of(stream));
  return !reader.next();
}

}  // namespace

TEST_CASE("frames are the same in whatever pieces they come", "[gateway]") {
  const auto stream = two_frames();
  const auto whole = std::string{"2:ls\n;6:"} + std::string("\0\0\0\7content;", 12);

  CHECK(read_in_pieces(stream, 1) == whole);
  CHECK(read_in_pieces(stream, 5) == whole);
  CHECK(read_in_pieces(stream, stream.size()) == whole);
}

TEST_CASE("a frame of no size, beyond the limit or of an unknown kind is refused", "[gateway]") {
  CHECK(refused({"\0\0\0\0\2", 5}));
  CHECK(refused({"\0\x10\0\1\2", 5}));
  CHECK(refused({"\0\0\0\1\0", 5}));
  CHECK(refused({"\0\0\0\1\x8", 5}));
  CHECK(refused({"\0\0\0\1\xff", 5}));
}

TEST_CASE("the largest frame passes", "[gateway]") {
  const Bytes body(most_frame - 1, std::byte{'x'});
  Bytes stream;
  append_frame(stream, FrameKind::output, body);

  CHECK(read_in_pieces(stream, 64U << 10U).size() == body.size() + 4);
}

TEST_CASE("a start survives its encoding", "[gateway]") {
  const auto start = some_start();

  const auto back = decode_start(encode(start)).value();

  CHECK(back.credential.password == start.credential.password);
  CHECK(back.term == start.term);
  CHECK(encode(back) == encode(start));
}

TEST_CASE("a start beyond its limits is refused", "[gateway]") {
  auto no_port = some_start();
  no_port.port = 0;
  auto wide = some_start();
  wide.columns = 1'001;
  auto flat = some_start();
  flat.rows = 0;
  auto odd_term = some_start();
  odd_term.term = "xterm;reboot";

  CHECK_FALSE(accepted(no_port));
  CHECK_FALSE(accepted(wide));
  CHECK_FALSE(accepted(flat));
  CHECK_FALSE(accepted(odd_term));
}

TEST_CASE("words that nobody says are refused", "[gateway]") {
  CHECK(decode_file_request(encode(FileRequest{"list", 1, "/tmp", "", 0, 0, 0, false})));
  CHECK_FALSE(decode_file_request(encode(FileRequest{"chmod", 1, "/tmp", "", 0, 0, 0, false})));
  CHECK_FALSE(decode_file_request(
      encode(FileRequest{"list", 1, std::string("/tmp\0x", 6), "", 0, 0, 0, false})));
  CHECK_FALSE(decode_file_request(
      encode(FileRequest{"list", 1, std::string(most_path + 1, 'a'), "", 0, 0, 0, false})));
  CHECK(decode_state(encode(State{"login"})));
  CHECK_FALSE(decode_state(encode(State{"dialling"})));
  CHECK_FALSE(decode_host_key(encode(HostKey{"fine", "ssh-ed25519 AAAA"})));
  CHECK_FALSE(decode_ended(encode(Ended{"terminated", {}})));
  CHECK_FALSE(decode_window_size(encode(WindowSize{0, 40})));
}

TEST_CASE("answers survive their encoding, with and without what is optional", "[gateway]") {
  FileAnswer done;
  done.type = "done";
  done.sha256 = pushpull::Hash{std::byte{7}};
  FileAnswer entries;
  entries.type = "entries";
  entries.entries = {{"a", "file", 5, 1'700'000'000, 0644}};

  CHECK(decode_file_answer(encode(done)).value().sha256 == done.sha256);
  CHECK(decode_file_answer(encode(entries)).value().entries.at(0).mode == 0644U);
  CHECK(decode_ended(encode(Ended{"logout", 3})).value().exit == 3U);
  CHECK_FALSE(decode_ended(encode(Ended{"hung_up", {}})).value().exit.has_value());
}
