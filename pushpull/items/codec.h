#pragma once
// CBOR (RFC 8949) as our formats use it, and the frames between processes of ours: each value has
// one form. Maps have the members that their description names, in its order; lengths are definite,
// integers in their shortest form. So a decoder needs no tree, no depth counter (a description
// nests four deep) and no lookup.

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/time/clock.h"
#include "pushpull/envelope/keys.h"

namespace sp::pushpull::codec {

template <class T, class Wanted>
concept Like = std::same_as<std::remove_const_t<T>, Wanted>;

enum class Major : std::uint8_t { uint = 0, bytes = 2, text = 3, array = 4, map = 5, simple = 7 };
inline constexpr std::uint8_t cbor_false = 0xf4;
inline constexpr std::uint8_t cbor_true = 0xf5;
inline constexpr std::uint8_t cbor_null = 0xf6;
inline constexpr std::size_t most_text = 16U << 10U;
inline constexpr std::size_t most_elements = 100'000;

/// Writes what a description names.
class Encoder {
 public:
  void map(std::size_t members) { head(Major::map, members); }
  template <class T>
  void operator()(std::string_view key, const T& value) {
    head(Major::text, key.size());
    out_.raw(key);
    put(value);
  }
  Bytes take() { return out_.take(); }

 private:
  void head(Major major, std::uint64_t value);
  void put(std::uint64_t value) { head(Major::uint, value); }
  void put(std::uint32_t value) { head(Major::uint, value); }
  void put(bool value) { out_.u8(value ? cbor_true : cbor_false); }
  void put(Instant value) { head(Major::uint, static_cast<std::uint64_t>(to_millis(value))); }
  void put(Duration value) { head(Major::uint, static_cast<std::uint64_t>(value.count())); }
  void put(BytesView value) {
    head(Major::bytes, value.size());
    out_.raw(value);
  }
  void put(const Bytes& value) { put(BytesView{value}); }
  void put(const std::string& value) {
    head(Major::text, value.size());
    out_.raw(value);
  }
  template <std::size_t N>
  void put(const std::array<std::byte, N>& value) {
    put(BytesView{value});
  }
  template <class Meaning, std::size_t N>
  void put(const Name<Meaning, N>& value) {
    put(value.view());
  }
  template <class T>
  void put(const std::optional<T>& value) {
    if (value)
      put(*value);
    else
      out_.u8(cbor_null);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    head(Major::array, values.size());
    for (const auto& value : values) put(value);
  }
  template <class T>
  requires requires(Encoder& a, const T& v) { describe(a, v); }
  void put(const T& value) { describe(*this, value); }

  bytes::Writer out_;
};

/// Reads what a description names, and remembers the first thing that was not as it should be.
class Decoder {
 public:
  explicit Decoder(BytesView from) : in_(from) {}

  void map(std::size_t members) { expect(head(Major::map) == members); }
  template <class T>
  void operator()(std::string_view key, T& value) {
    const auto size = head(Major::text);
    const auto name = take(size, most_text);
    expect(bytes::text(name) == key);
    if (good_) get(value);
  }
  /// True when all was well and nothing is left.
  [[nodiscard]] bool done() const { return good_ && in_.rest().empty(); }
  void expect(bool holds) { good_ = good_ && holds; }

 private:
  std::uint64_t head(Major major);  ///< the value or length, 0 once something failed
  BytesView take(std::uint64_t size, std::size_t most);
  std::uint8_t next();
  std::uint8_t peek() const;

  void get(std::uint64_t& value) { value = head(Major::uint); }
  void get(std::uint32_t& value);
  void get(bool& value);
  void get(Instant& value);
  void get(Duration& value);
  void get(Bytes& value);
  void get(std::string& value);
  template <std::size_t N>
  void get(std::array<std::byte, N>& value) {
    const auto view = take(head(Major::bytes), N);
    expect(view.size() == N);
    if (good_) std::copy(view.begin(), view.end(), value.begin());
  }
  template <class Meaning, std::size_t N>
  void get(Name<Meaning, N>& value) {
    get(value.bytes);
  }
  template <class T>
  void get(std::optional<T>& value) {
    if (peek() == cbor_null) {
      next();
      return;
    }
    get(value.emplace());
  }
  // An element takes at least a byte of input, so what is allocated is bounded by what was sent.
  template <class T>
  void get(std::vector<T>& values) {
    const auto count = head(Major::array);
    expect(count <= most_elements && count <= in_.rest().size());
    for (std::uint64_t i = 0; good_ && i < count; ++i) get(values.emplace_back());
  }
  template <class T>
  requires requires(Decoder& a, T& v) { describe(a, v); }
  void get(T& value) { describe(*this, value); }

  bytes::Reader in_;
  bool good_ = true;
};

template <class T>
Bytes encoded(const T& value) {
  Encoder encoder;
  describe(encoder, value);
  return encoder.take();
}
template <class T>
Result<T> decoded(BytesView from, T value = {}) {
  Decoder decoder{from};
  describe(decoder, value);
  if (!decoder.done()) return Error{Code::invalid_input, "CBOR is not of its form"};
  return value;
}

}  // namespace sp::pushpull::codec
