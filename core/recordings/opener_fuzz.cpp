#include <cstdint>

#include "core/recordings/opener.h"

// Whatever a gateway sends, the opener must come to an end of its own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sp::BytesView input{reinterpret_cast<const std::byte*>(data), size};
  sp::recordings::Opener opener{
      {}, sp::pushpull::StaticPrivateKey::of(sp::Bytes(32, std::byte{1})).value()};
  const auto half = opener.take(input.first(size / 2));
  const auto rest = opener.take(input.subspan(size / 2));
  return half && rest && opener.is_finished() ? 1 : 0;
}
