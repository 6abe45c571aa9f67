#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "base/http/websocket.h"

// Whatever arrives, in whatever pieces: no crash, the same messages as when it arrives at once, and
// never more than was allowed.
namespace {

using namespace sp::http;

struct All {
  std::vector<SocketMessage> messages;
  std::uint16_t refusal = 0;
};

All read(std::string_view input, std::size_t piece) {
  constexpr std::size_t most = 300;
  SocketReader reader{most};
  All out;
  while (!input.empty()) {
    std::size_t taken = 0;
    SocketMessage message;
    const auto state = reader.feed(input.substr(0, piece), taken, message);
    input.remove_prefix(taken);
    if (state == SocketReader::State::refused) {
      out.refusal = reader.refusal();
      return out;
    }
    if (state != SocketReader::State::message) continue;
    if (message.data.size() > most) std::abort();
    out.messages.push_back(std::move(message));
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view all{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto once = read(all, all.size());
  const auto parts = read(all, std::max<std::size_t>(data[0], 1));
  const bool same = std::ranges::equal(
      once.messages, parts.messages, [](const SocketMessage& a, const SocketMessage& b) {
        return a.kind == b.kind && a.data == b.data && a.code == b.code;
      });
  if (!same || once.refusal != parts.refusal) std::abort();
  return 0;
}
