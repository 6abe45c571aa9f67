// The plain content of a message as a hostile sender could make it: read whole and in two pieces.
#include "core/messages/format/content_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp;
  const BytesView view{reinterpret_cast<const std::byte*>(data), size};
  const auto read = [&](std::size_t cut) {
    messages::ContentReader reader{[](const messages::Content&) { return Outcome{}; },
                                   [](std::size_t, BytesView) { return Outcome{}; }};
    auto read_first = reader.take(view.first(cut));
    if (read_first) read_first = reader.take(view.subspan(cut));
    return read_first && reader.finish();
  };
  ensure(read(size) == read(size / 2));
  return 0;
}
