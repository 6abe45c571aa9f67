#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes/bytes.h"
#include "base/http/codings.h"
#include "edge-selfdestruct/portal/calls.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp::edge_selfdestruct;
  const auto text = sp::bytes::text(std::as_bytes(std::span{data, size}));
  const auto loose = decode_proofs(text, PassProof::allowed);
  const auto strict = decode_proofs(text, PassProof::refused);
  sp::ensure(!strict || (loose && loose->link == strict->link && !loose->pass));
  static_cast<void>(decode_path(text));
  static_cast<void>(decode_path("/api/v1/messages/" + std::string{text}));
  static_cast<void>(decode_grace(text));
  static_cast<void>(sp::http::best_coding(text));
  return 0;
}
