#include "edge-gateway/sftp/files.h"

#include "base/openssl/crypto.h"
#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;

namespace {

// What a request was told, as short words.
struct Told final : FileSink {
  void answer(const FileAnswer& answer) override {
    words += answer.type + (answer.code.empty() ? "" : ":" + answer.code) + " ";
    last = answer;
  }
  void download(const Part& part) override { bytes::append(content, part.bytes); }
  void event(const pushpull::SessionFile& event) override {
    events += event.action + ":" + event.outcome + " ";
  }
  [[nodiscard]] bool full() const override { return is_full; }

  std::string words, events;
  FileAnswer last;
  Bytes content;
  bool is_full = false;
};

struct Asked {
  std::uint8_t type = 0;
  std::uint32_t id = 0;
  Bytes rest;
};

constexpr std::uint8_t type_open = 3, type_close = 4, type_read = 5, type_write = 6, type_stat = 17;

// A server that answers as the test says.
class Server {
 public:
  Server() { CHECK(files.received(bytes::Writer{}.u32(5).u8(2).u32(3).take())); }

  // What was asked since the last time, the greeting aside.
  std::vector<Asked> asked() {
    std::vector<Asked> out;
    bytes::Reader in{files.to_send()};
    while (!in.rest().empty()) {
      const auto size = in.u32().value();
      bytes::Reader packet{in.take(size).value()};
      const auto type = packet.u8().value();
      if (type == 1) continue;
      const auto id = packet.u32().value();
      out.push_back({type, id, bytes::copy(packet.rest())});
    }
    files.sent(files.to_send().size());
    return out;
  }
  Asked one() {
    auto all = asked();
    REQUIRE(all.size() == 1);
    return all.front();
  }

  Outcome say(std::uint8_t type, std::uint32_t id, BytesView body) {
    bytes::Writer out;
    out.u32(static_cast<std::uint32_t>(body.size() + 5)).u8(type).u32(id).raw(body);
    return files.received(out.view());
  }
  Outcome status(std::uint32_t id, std::uint32_t code) {
    return say(101, id, bytes::Writer{}.u32(code).u32(0).u32(0).view());
  }
  Outcome handle(std::uint32_t id) { return say(102, id, bytes::Writer{}.u32(1).raw("h").view()); }
  Outcome data(std::uint32_t id, std::string_view text) {
    return say(103, id,
               bytes::Writer{}.u32(static_cast<std::uint32_t>(text.size())).raw(text).view());
  }
  Outcome file_of(std::uint32_t id, std::uint64_t size) {
    return say(105, id, bytes::Writer{}.u32(5).u64(size).u32(0100644).view());
  }

  // A download of `size` bytes whose reads are asked for now.
  std::vector<Asked> open_download(std::uint64_t size, std::uint64_t offset = 0) {
    files.request({"get", 1, "/a", "", 0, offset, 0, false});
    CHECK(file_of(one().id, size));
    CHECK(handle(one().id));
    CHECK(file_of(one().id, size));
    return asked();
  }

  Told told;
  Files files{told};
};

std::uint64_t offset_of(const Asked& read) {
  bytes::Reader in{read.rest};
  CHECK(in.take(5));  // the handle
  return in.u64().value();
}

}  // namespace

TEST_CASE("a file comes whole when the host gives less than it was asked for", "[gateway]") {
  Server host;
  const auto reads = host.open_download(10);

  CHECK(host.data(reads.at(0).id, "0123"));
  const auto rest = host.one();
  CHECK(offset_of(rest) == 4);
  CHECK(host.data(rest.id, "456789"));
  CHECK(host.status(host.one().id, 1));

  CHECK(bytes::text(host.told.content) == "0123456789");
  CHECK(host.told.last.sha256 == openssl::sha256(bytes::of("0123456789")));
  CHECK(host.told.words == "opened done ");
  CHECK(host.one().type == type_close);
}

TEST_CASE("a file comes in order when the answers do not", "[gateway]") {
  Server host;
  const auto reads = host.open_download(sftp::most_data + 3);
  REQUIRE(reads.size() == 2);

  CHECK(host.data(reads.at(1).id, "end"));
  CHECK(host.told.content.empty());
  CHECK(host.data(reads.at(0).id, std::string(sftp::most_data, 'x')));

  CHECK(host.told.content.size() == sftp::most_data + 3);
  CHECK(bytes::text(host.told.content).ends_with("xend"));
}

TEST_CASE("a file that shrinks or grows meanwhile has changed", "[gateway]") {
  Server shrinks;
  const auto reads = shrinks.open_download(10);
  CHECK(shrinks.status(reads.at(0).id, 1));
  CHECK(shrinks.told.words == "opened failed:changed ");

  Server grows;
  CHECK(grows.data(grows.open_download(4).at(0).id, "0123"));
  CHECK(grows.data(grows.one().id, "4"));
  CHECK(grows.told.words == "opened failed:changed ");
  CHECK(grows.told.events == "download:changed ");
}

TEST_CASE("a host that gives more than it was asked for, or nothing, fails the request",
          "[gateway]") {
  Server more;
  CHECK(more.data(more.open_download(4).at(0).id, "01234"));
  CHECK(more.told.words == "opened failed:unavailable ");

  Server nothing;
  CHECK(nothing.data(nothing.open_download(4).at(0).id, ""));
  CHECK(nothing.told.words == "opened failed:unavailable ");
}

TEST_CASE("what the page does not take is not read", "[gateway]") {
  Server host;
  host.told.is_full = true;
  CHECK(host.open_download(10).empty());

  host.told.is_full = false;
  host.files.step();

  CHECK(host.one().type == type_read);
}

TEST_CASE("a file that comes open after its request was cancelled is closed", "[gateway]") {
  Server host;
  host.files.request({"get", 1, "/a", "", 0, 0, 0, false});
  CHECK(host.file_of(host.one().id, 4));
  const auto open = host.one();
  CHECK(open.type == type_open);
  host.files.request({"cancel", 1, "", "", 0, 0, 0, false});

  CHECK(host.handle(open.id));

  CHECK(host.told.words == "failed:cancelled ");
  CHECK(host.one().type == type_close);
  CHECK_FALSE(host.files.wanted());
}

TEST_CASE("an upload says how much is written without a gap", "[gateway]") {
  Server host;
  host.files.request({"put", 1, "/a", "", 2 * sftp::most_data, 0, 0, false});
  CHECK(host.status(host.one().id, 2));  // nothing of that name
  CHECK(host.status(host.one().id, 2));  // and no part
  CHECK(host.handle(host.one().id));
  CHECK(host.told.last.seen == 0);
  host.files.upload({1, Bytes(2 * sftp::most_data, std::byte{'x'})});
  const auto writes = host.asked();
  REQUIRE(writes.size() == 2);
  CHECK(writes.at(0).type == type_write);

  CHECK(host.status(writes.at(1).id, 0));
  CHECK(host.told.last.seen == 0);
  CHECK(host.status(writes.at(0).id, 0));

  CHECK(host.told.last.seen == 2 * sftp::most_data);
  CHECK(host.one().type == type_close);
}

TEST_CASE("an upload that a full disk stops fails", "[gateway]") {
  Server host;
  host.files.request({"put", 1, "/a", "", 4, 0, 0, false});
  host.files.upload({1, bytes::of("0123")});  // before it is open
  CHECK(host.status(host.one().id, 2));
  CHECK(host.status(host.one().id, 2));
  CHECK(host.handle(host.one().id));

  CHECK(host.status(host.one().id, 4));

  CHECK(host.told.words == "more failed:unavailable ");
  CHECK(host.told.events == "upload:unavailable ");
}

TEST_CASE("a host that speaks no SFTP of version 3 is found out", "[gateway]") {
  Told told;
  Files old{told}, strange{told};
  Server host;

  CHECK_FALSE(old.received(bytes::Writer{}.u32(5).u8(2).u32(2).take()));
  CHECK_FALSE(strange.received(bytes::of("y\ny\ny\ny\n")));
  CHECK_FALSE(host.status(77, 0));
}

TEST_CASE("what is open fails when the channel goes, and a new one serves", "[gateway]") {
  Server host;
  host.files.request({"remove", 1, "/a", "", 0, 0, 0, false});

  host.files.lost();

  CHECK(host.told.words == "failed:unavailable ");
  CHECK(host.told.events == "remove:unavailable ");
  CHECK_FALSE(host.files.wanted());
  CHECK(bytes::hex(host.files.to_send()) == "000000050100000003");
}

TEST_CASE("nothing is asked before the host has greeted", "[gateway]") {
  Told told;
  Files files{told};

  files.request({"get", 1, "/a", "", 0, 0, 0, false});

  CHECK(bytes::hex(files.to_send()) == "000000050100000003");
  CHECK(files.received(bytes::Writer{}.u32(5).u8(2).u32(3).take()));
  CHECK(std::to_integer<int>(files.to_send()[13]) == type_stat);
}

TEST_CASE("no cut of an answer is taken for one", "[gateway]") {
  const auto names = bytes::Writer{}
                         .u8(104)
                         .u32(1)
                         .u32(1)
                         .u32(1)
                         .raw("a")
                         .u32(0)
                         .u32(0x8000'000f)
                         .u64(5)
                         .u32(0)
                         .u32(0)
                         .u32(0100644)
                         .u32(0)
                         .u32(0)
                         .u32(1)
                         .u32(1)
                         .raw("k")
                         .u32(1)
                         .raw("v")
                         .take();
  std::size_t taken = 0;

  for (std::size_t size = 0; size < names.size(); ++size)
    taken += sftp::decode_answer(BytesView{names}.first(size)).has_value() ? 1U : 0U;

  CHECK(sftp::decode_answer(names));
  CHECK(taken == 0);
}
