#include <cstdint>
#include <cstdlib>

#include "base/http/parse.h"

// Whatever arrives, in whatever pieces: no crash, and the same verdict as when it arrives at once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp::http;
  if (size < 1) return 0;
  const std::string_view all{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto cut = std::min<std::size_t>(data[0], all.size());

  std::size_t searched = 0;
  auto parsed = parse_head(all, 4096, searched);
  std::size_t searched_in_two = 0;
  auto in_two = parse_head(all.substr(0, cut), 4096, searched_in_two);
  if (in_two.state == Parsed<Head>::State::more) in_two = parse_head(all, 4096, searched_in_two);
  if (in_two.state == Parsed<Head>::State::done &&
      (parsed.state != in_two.state || parsed.size != in_two.size))
    std::abort();

  const auto body_at = parsed.state == Parsed<Head>::State::done ? parsed.size : 0;
  ChunkedBody at_once{1024};
  std::size_t taken = 0;
  std::string body;
  static_cast<void>(at_once.feed(all.substr(body_at), taken, body));
  if (body.size() > 1024 || taken > all.size() - body_at) std::abort();
  return 0;
}
