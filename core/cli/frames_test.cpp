#include "base/testing/catch.h"
#include "base/testing/counting_random.h"
#include "core/cli/websocket.h"

namespace sp::cli {
namespace {

std::vector<std::string> read(std::string_view input, std::size_t step = 1) {
  FrameReader reader;
  std::vector<std::string> out;
  for (; !input.empty(); input.remove_prefix(std::min(step, input.size()))) {
    reader.add(input.substr(0, step));
    while (true) {
      auto message = reader.next();
      if (!message) return out.push_back("refused"), out;
      if (!*message) break;
      out.push_back((*message)->data);
    }
  }
  return out;
}
std::string frame(int first, std::string_view data) {
  return std::string{static_cast<char>(first)} + static_cast<char>(data.size()) + std::string{data};
}

}  // namespace

TEST_CASE("a server's frames are joined, however they come", "[cli]") {
  const auto input = frame(0x81, "one") + frame(0x02, "tw") + frame(0x89, "") + frame(0x80, "o") +
                     std::string{"\x82\x7e\x01\x00", 4} + std::string(256, 'x');

  for (const std::size_t step : {1U, 3U, 1000U})
    CHECK(read(input, step) == std::vector<std::string>{"one", "", "two", std::string(256, 'x')});
}

TEST_CASE("a close tells its code", "[cli]") {
  FrameReader reader;
  reader.add(frame(0x88, "\x11\x34why"));

  const auto message = reader.next();

  REQUIRE(message);
  CHECK((*message)->kind == FrameKind::close);
  CHECK((*message)->code == 4404);
  CHECK((*message)->data == "why");
}

TEST_CASE("what no server may send is refused", "[cli]") {
  using Texts = std::vector<std::string>;
  CHECK(read(std::string{"\x81\x83"} + "1234abc") == Texts{"refused"});
  CHECK(read(frame(0xc1, "x")) == Texts{"refused"});
  CHECK(read(frame(0x83, "x")) == Texts{"refused"});
  CHECK(read(frame(0x80, "x")) == Texts{"refused"});
  CHECK(read(frame(0x09, "x")) == Texts{"refused"});
  CHECK(read(std::string{"\x82\x7f\x7f\0\0\0\0\0\0\0", 10}) == Texts{"refused"});
  CHECK(read(frame(0x01, "a") + frame(0x81, "b")) == Texts{"refused"});
}

TEST_CASE("a client's frame is masked", "[cli]") {
  testing::CountingRandom random;

  CHECK(client_frame(FrameKind::text, "AB", random) == std::string{"\x81\x82\x00\x01\x02\x03"
                                                                   "A"
                                                                   "C",
                                                                   8});
  CHECK(client_frame(FrameKind::binary, std::string(300, 'x'), random).size() == 308);
  CHECK(client_frame(FrameKind::binary, std::string(70'000, 'x'), random).size() == 70'014);
}

}  // namespace sp::cli
