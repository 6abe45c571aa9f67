#pragma once
// Bytes from outside and bytes to be sent: a bounds-checked cursor, a writer, and the text forms.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/result.h"

namespace sp {

using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

namespace bytes {

inline BytesView of(std::string_view text) {
  return std::as_bytes(std::span{text});
}
inline std::string_view text(BytesView view) {
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}
inline Bytes copy(BytesView view) {
  return {view.begin(), view.end()};
}
void append(Bytes& out, BytesView more);

std::string hex(BytesView view);                ///< lower case
Result<Bytes> from_hex(std::string_view text);  ///< either case

/// RFC 4648 section 5 without padding. Reading is strict: no padding, no white space, and the
/// unused low bits of the last character must be zero, so that a value has one form only.
std::string base64url(BytesView view);
Result<Bytes> from_base64url(std::string_view text);
/// RFC 4648 section 4, with padding; for mail and headers.
std::string base64(BytesView view);

/// True when `text` is well-formed UTF-8 without overlong forms or surrogates (RFC 3629).
bool is_utf8(std::string_view text);

/// Reads what is at the front and moves on; every read checks that it is there.
class Reader {
 public:
  explicit Reader(BytesView view) : rest_(view) {}

  Result<std::uint8_t> u8();
  Result<std::uint16_t> u16();  ///< big-endian, as all integers here
  Result<std::uint32_t> u32();
  Result<std::uint64_t> u64();
  Result<BytesView> take(std::size_t count);
  template <std::size_t N>
  Result<std::array<std::byte, N>> array() {
    const auto view = TRY(take(N));
    std::array<std::byte, N> out;
    std::copy(view.begin(), view.end(), out.begin());
    return out;
  }
  /// Fails unless the next bytes are exactly these.
  Outcome expect(BytesView wanted);
  /// Fails unless everything was read.
  [[nodiscard]] Outcome end() const;
  [[nodiscard]] BytesView rest() const { return rest_; }

 private:
  BytesView rest_;
};

class Writer {
 public:
  Writer& u8(std::uint8_t value);
  Writer& u16(std::uint16_t value);
  Writer& u32(std::uint32_t value);
  Writer& u64(std::uint64_t value);
  Writer& raw(BytesView view);
  Writer& raw(std::string_view text) { return raw(of(text)); }
  [[nodiscard]] const Bytes& view() const { return out_; }
  Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
};

}  // namespace bytes
}  // namespace sp
