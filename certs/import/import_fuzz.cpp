#include <cstdint>

#include "certs/import/import.h"

// No file crashes what reads it, whatever form it claims to have, nor the judging of its chain.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp::certs;
  import::Pile pile;
  const auto bytes = std::as_bytes(std::span{data, size});
  const auto file = sp::Secret::copy_of(bytes);
  const auto password = sp::Secret::copy_of(sp::bytes::of("x"));
  static_cast<void>(import::add(pile, file, password, "file").has_value());
  static_cast<void>(import::sort(pile, {"a.example", sp::from_millis(0)}).has_value());
  const auto roots = verify::roots_in(bytes);
  if (!roots) return 0;
  if (const auto question = verify::question_of({bytes, {}}, *roots))
    static_cast<void>(verify::judge(*question, sp::certs::PublicSuffixes{}));
  return 0;
}
