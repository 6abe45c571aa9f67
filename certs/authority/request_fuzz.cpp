#include "base/bytes/bytes.h"
#include "certs/authority/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(
      sp::certs::parse_request(sp::bytes::text(std::as_bytes(std::span{data, size}))));
  return 0;
}
