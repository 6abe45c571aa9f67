#include <cstdint>

#include "base/config/config.h"

// No text crashes the reader, whatever types its values have.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto file =
      sp::config::File::parse({reinterpret_cast<const char*>(data), size}, "/etc/fuzz.toml");
  if (!file) return 0;
  file->text("a.b", "");
  file->number("a.c", 1, 0, 2);
  file->duration("a.d", sp::Duration{1000}, sp::Duration{0}, sp::Duration{100'000});
  file->path("a.e", "x");
  file->texts("a.f");
  static_cast<void>(file->finish());
  return 0;
}
