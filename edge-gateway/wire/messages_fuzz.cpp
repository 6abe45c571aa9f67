#include <cstdint>

#include "edge-gateway/wire/messages.h"

// Whatever a page sends: no crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  static_cast<void>(sp::edge_gateway::decode_opening(text));
  static_cast<void>(sp::edge_gateway::decode_from_page(text));
  return 0;
}
