// A kit is carried by hand and may be anything by the time it arrives.
#include "pushpull/enrolment/kit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp::pushpull;
  const auto input = std::as_bytes(std::span{data, size});
  if (const auto kit = decode_kit(input)) sp::ensure(decode_kit(encode(*kit).expose()).has_value());
  if (const auto keys = decode_link_keys(input))
    sp::ensure(decode_link_keys(encode(*keys).expose()).has_value());
  return 0;
}
