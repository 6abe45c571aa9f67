#include "edge-gateway/sessions/output.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;

namespace {

/// Takes all that may be sent, and checks that it is `pattern` at its offset.
std::uint64_t send_all(Output& output) {
  std::uint64_t sent = 0;
  while (const auto piece = output.next()) {
    sent += piece->bytes.size();
    const auto first = static_cast<std::byte>(piece->offset % 251);
    REQUIRE(piece->bytes.front() == first);
  }
  return sent;
}
Bytes pattern(std::uint64_t from, std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>((from + i) % 251);
  return out;
}

}  // namespace

TEST_CASE("at most a window of output is under way", "[gateway]") {
  Output output;
  output.add(pattern(0, 3U << 20U));

  CHECK(send_all(output) == Output::window);
  CHECK(output.acknowledge(1'000));
  CHECK(send_all(output) == 1'000);
  CHECK(output.total() == 3U << 20U);
}

TEST_CASE("a page acknowledges what it was sent, forwards", "[gateway]") {
  Output output;
  output.add(pattern(0, 5'000));
  send_all(output);

  CHECK(output.acknowledge(4'000));
  CHECK_FALSE(output.acknowledge(3'999));
  CHECK_FALSE(output.acknowledge(5'001));
  CHECK(output.acknowledge(5'000));
}

TEST_CASE("a page that came back is sent what it lacks", "[gateway]") {
  Output output;
  output.add(pattern(0, 300'000));
  send_all(output);
  output.acknowledge(100'000);
  output.add(pattern(300'000, 2U << 20U));

  CHECK_FALSE(output.go_on_at(99'999));
  CHECK_FALSE(output.go_on_at(output.total() + 1));
  CHECK(output.go_on_at(250'000));
  CHECK(send_all(output) == Output::window);
}

TEST_CASE("the host is read as far as can be held", "[gateway]") {
  Output output;

  CHECK(output.allowance(true) == Output::window);
  CHECK(output.allowance(false) == Output::kept);
  CHECK(output.allowance(true) == Output::kept);
  output.add(pattern(0, Output::kept));
  send_all(output);
  output.acknowledge(Output::window);
  CHECK(output.allowance(true) == Output::kept);
  CHECK(output.allowance(false) == Output::window + Output::kept);
}
