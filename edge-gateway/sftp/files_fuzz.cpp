// A host that says anything to each kind of request; and packets, in pieces.
#include "edge-gateway/sftp/files.h"

using namespace sp;
using namespace sp::edge_gateway;

namespace {

struct Silent final : FileSink {
  void answer(const FileAnswer& answer) override { (void)encode(answer); }
  void download(const Part& /*part*/) override {}
  void event(const pushpull::SessionFile& event) override { (void)pushpull::encode(event); }
  [[nodiscard]] bool full() const override { return false; }
};

FileRequest some(std::string action, std::uint32_t number) {
  return {std::move(action), number, "/a", "/b", 40, number % 2 == 0 ? 0U : 20U, 0, true};
}

Bytes greeting() {
  return bytes::Writer{}.u32(5).u8(2).u32(3).take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = std::as_bytes(std::span{data, size});
  (void)sftp::decode_version(rest);
  (void)sftp::decode_answer(rest);
  Silent sink;
  Files files{sink};
  (void)files.received(greeting());
  std::uint32_t number = 0;
  for (const auto* action : {"list", "get", "get", "put", "put", "rename", "remove", "make"})
    files.request(some(action, ++number));
  files.upload({4, bytes::of("0123456789")});
  while (!rest.empty()) {
    const auto piece = rest.first(std::min<std::size_t>(rest.size(), 11));
    rest = rest.subspan(piece.size());
    if (!files.received(piece)) break;
    files.sent(files.to_send().size());
  }
  files.lost();
  return 0;
}
