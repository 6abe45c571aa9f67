// The stream in pieces, then each decoder: what it accepts, its encoder writes again byte for byte.
#include "edge-gateway/worker/frames.h"

namespace {

template <class Decode>
void check(sp::BytesView input, Decode decode) {
  const auto value = decode(input);
  if (!value) return;
  const auto again = encode(*value);
  sp::ensure(std::equal(again.begin(), again.end(), input.begin(), input.end()));
}

void check_bodies(sp::BytesView body) {
  using namespace sp::edge_gateway;
  check(body, decode_start);
  check(body, decode_window_size);
  check(body, decode_allow);
  check(body, decode_file_request);
  check(body, decode_state);
  check(body, decode_host_key);
  check(body, decode_file_answer);
  check(body, decode_ended);
  (void)decode_part(body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = std::as_bytes(std::span{data, size});
  check_bodies(rest);
  sp::edge_gateway::FrameReader reader;
  while (!rest.empty()) {
    const auto piece = std::min<std::size_t>(rest.size(), 7);
    reader.add(rest.first(piece));
    rest = rest.subspan(piece);
    for (;;) {
      const auto frame = reader.next();
      if (!frame) return 0;
      if (!*frame) break;
      check_bodies((*frame)->body);
    }
  }
  return 0;
}
