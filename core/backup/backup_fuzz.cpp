#include <cstddef>
#include <cstdint>

#include "core/backup/archive.h"

// A header of any bytes: refused, or read to a value that encodes to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sp::BytesView view{reinterpret_cast<const std::byte*>(data), size};
  const auto header = sp::backup::decode_header(view);
  if (header) sp::ensure(sp::backup::encode(*header) == sp::bytes::copy(view));
  static_cast<void>(sp::backup::check_name(sp::bytes::text(view)));
  return 0;
}
