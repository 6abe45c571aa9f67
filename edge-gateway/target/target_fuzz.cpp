#include "base/bytes/bytes.h"
#include "edge-gateway/target/target.h"

using namespace sp;
using namespace sp::edge_gateway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = bytes::text(std::as_bytes(std::span{data, size}));
  static_cast<void>(is_host(text));
  const auto address = Address::parse(text);
  if (address && Address::parse(address->text()) != address) __builtin_trap();
  const auto network = Network::parse(text);
  if (address && network && !network->holds(*address)) __builtin_trap();
  return 0;
}
