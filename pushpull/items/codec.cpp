#include "pushpull/items/codec.h"

#include <limits>

namespace sp::pushpull::codec {

void Encoder::head(Major major, std::uint64_t value) {
  const auto first = static_cast<std::uint8_t>(static_cast<unsigned>(major) << 5U);
  if (value < 24)
    out_.u8(static_cast<std::uint8_t>(first | value));
  else if (value <= 0xff)
    out_.u8(first | 24U).u8(static_cast<std::uint8_t>(value));
  else if (value <= 0xffff)
    out_.u8(first | 25U).u16(static_cast<std::uint16_t>(value));
  else if (value <= 0xffff'ffff)
    out_.u8(first | 26U).u32(static_cast<std::uint32_t>(value));
  else
    out_.u8(first | 27U).u64(value);
}

std::uint8_t Decoder::next() {
  const auto byte = good_ ? in_.u8() : Result<std::uint8_t>{0};
  expect(byte.has_value());
  return byte.value_or(0);
}

std::uint8_t Decoder::peek() const {
  const auto rest = in_.rest();
  return rest.empty() ? 0 : std::to_integer<std::uint8_t>(rest.front());
}

std::uint64_t Decoder::head(Major major) {
  const auto first = next();
  expect(first >> 5U == static_cast<unsigned>(major));
  const unsigned kind = first & 0x1fU;
  if (!good_ || kind < 24) return good_ ? kind : 0;
  expect(kind <= 27);  // 28 to 30 are reserved, 31 is an indefinite length
  if (!good_) return 0;
  const unsigned size = 1U << (kind - 24);
  const auto raw = take(size, size);
  std::uint64_t value = 0;
  for (const auto byte : raw) value = value << 8U | std::to_integer<std::uint64_t>(byte);
  // RFC 8949 section 4.2.1: "must be as short as possible".
  const std::uint64_t least = size == 1 ? 24 : std::uint64_t{1} << (size * 4);
  expect(value >= least);
  return good_ ? value : 0;
}

BytesView Decoder::take(std::uint64_t size, std::size_t most) {
  expect(size <= most);
  if (!good_) return {};
  const auto view = in_.take(static_cast<std::size_t>(size));
  expect(view.has_value());
  return view.value_or(BytesView{});
}

void Decoder::get(std::uint32_t& value) {
  const auto wide = head(Major::uint);
  expect(wide <= std::numeric_limits<std::uint32_t>::max());
  value = static_cast<std::uint32_t>(wide);
}

void Decoder::get(bool& value) {
  const auto byte = next();
  expect(byte == cbor_true || byte == cbor_false);
  value = byte == cbor_true;
}

namespace {
// Milliseconds up to the year 10889; what is larger is no time of ours.
constexpr std::uint64_t most_millis = std::uint64_t{1} << 48U;
}  // namespace

void Decoder::get(Instant& value) {
  const auto millis = head(Major::uint);
  expect(millis <= most_millis);
  value = from_millis(good_ ? static_cast<std::int64_t>(millis) : 0);
}

void Decoder::get(Duration& value) {
  const auto millis = head(Major::uint);
  expect(millis <= most_millis);
  value = Duration{good_ ? static_cast<std::int64_t>(millis) : 0};
}

void Decoder::get(Bytes& value) {
  const auto view = take(head(Major::bytes), std::numeric_limits<std::size_t>::max());
  value.assign(view.begin(), view.end());
}

void Decoder::get(std::string& value) {
  const auto view = bytes::text(take(head(Major::text), most_text));
  expect(bytes::is_utf8(view));
  if (good_) value = view;
}

}  // namespace sp::pushpull::codec
