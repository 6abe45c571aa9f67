// Request bodies: parsing, and reading members of every kind, must neither crash nor accept what
// they refuse.
#include <cstdint>

#include "base/result/ensure.h"
#include "core/api/internal/json.h"

namespace {

void read_every_kind(sp::api::Json& body) {
  sp::api::Members members{body};
  const auto text = members.maybe_text("text", {1, 20});
  sp::ensure(!text || (!text->empty() && text->size() <= 20));
  const auto number = members.maybe_integer("number", -5, 5);
  sp::ensure(!number || (*number >= -5 && *number <= 5));
  (void)members.maybe_flag("flag");
  const auto secret = members.maybe_secret("secret", {0, 10});
  sp::ensure(!secret || secret->size() <= 10);
  if (auto* inner = members.raw("inner")) {
    sp::api::Members deeper{*inner, "inner."};
    (void)deeper.text("text");
    members.take_over(deeper.done());
  }
  (void)members.done();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  auto parsed = sp::api::parse_json(text);
  if (!parsed) return 0;
  (void)sp::api::json_response(*parsed);
  read_every_kind(*parsed);
  return 0;
}
