#include "base/bytes/bytes.h"

namespace sp::bytes {
namespace {

Error short_input() {
  return Error{Code::invalid_input, "input ends early"};
}

template <class T>
Result<T> big_endian(Reader& in) {
  const auto view = TRY(in.take(sizeof(T)));
  std::uint64_t value = 0;
  for (const auto byte : view) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return static_cast<T>(value);
}

void put_big_endian(Bytes& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t no_digit = 255;
constexpr auto url_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::uint8_t i = 0; i < 64; ++i) values.at(static_cast<unsigned char>(url_alphabet[i])) = i;
  return values;
}();
constexpr std::string_view mail_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encode64(BytesView view, std::string_view alphabet) {
  std::string out;
  out.reserve((view.size() * 4 + 2) / 3);
  std::uint32_t held = 0;
  int bits = 0;
  for (const auto byte : view) {
    held = held << 8 | std::to_integer<std::uint32_t>(byte);
    for (bits += 8; bits >= 6; bits -= 6) out.push_back(alphabet[held >> (bits - 6) & 63U]);
  }
  if (bits > 0) out.push_back(alphabet[held << (6 - bits) & 63U]);
  return out;
}

/// How many bytes the sequence that begins with `lead` has, and the smallest value it may encode.
struct Sequence {
  std::size_t size;
  std::uint32_t least;
  std::uint32_t bits;
};

Sequence sequence_of(unsigned char lead) {
  if (lead < 0x80U) return {1, 0, lead};
  if ((lead & 0xE0U) == 0xC0U) return {2, 0x80, lead & 0x1FU};
  if ((lead & 0xF0U) == 0xE0U) return {3, 0x800, lead & 0x0FU};
  if ((lead & 0xF8U) == 0xF0U) return {4, 0x10000, lead & 0x07U};
  return {0, 0, 0};
}

}  // namespace

void append(Bytes& out, BytesView more) {
  out.insert(out.end(), more.begin(), more.end());
}

std::string hex(BytesView view) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(view.size() * 2);
  for (const auto byte : view) {
    out.push_back(digits[std::to_integer<unsigned>(byte >> 4)]);
    out.push_back(digits[std::to_integer<unsigned>(byte) & 15U]);
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return Error{Code::invalid_input, "odd number of hex digits"};
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return Error{Code::invalid_input, "not a hex digit"};
    out.push_back(static_cast<std::byte>(high * 16 + low));
  }
  return out;
}

std::string base64url(BytesView view) {
  return encode64(view, url_alphabet);
}

std::string base64(BytesView view) {
  auto out = encode64(view, mail_alphabet);
  while (out.size() % 4 != 0) out.push_back('=');
  return out;
}

Result<Bytes> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return Error{Code::invalid_input, "not base64url"};
  Bytes out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = url_values[static_cast<unsigned char>(c)];
    if (value == no_digit) return Error{Code::invalid_input, "not base64url"};
    held = held << 6 | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::byte>(held >> bits & 255U));
  }
  if ((held & ((1U << bits) - 1)) != 0)
    return Error{Code::invalid_input, "base64url has stray bits"};
  return out;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = sequence_of(static_cast<unsigned char>(text[i]));
    if (lead.size == 0 || lead.size > text.size() - i) return false;
    std::uint32_t point = lead.bits;
    for (std::size_t k = 1; k < lead.size; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0U) != 0x80U) return false;
      point = point << 6 | (next & 0x3FU);
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < lead.least || point > 0x10FFFF || surrogate) return false;
    i += lead.size;
  }
  return true;
}

Result<std::uint8_t> Reader::u8() {
  return big_endian<std::uint8_t>(*this);
}
Result<std::uint16_t> Reader::u16() {
  return big_endian<std::uint16_t>(*this);
}
Result<std::uint32_t> Reader::u32() {
  return big_endian<std::uint32_t>(*this);
}
Result<std::uint64_t> Reader::u64() {
  return big_endian<std::uint64_t>(*this);
}

Result<BytesView> Reader::take(std::size_t count) {
  if (count > rest_.size()) return short_input();
  const auto out = rest_.first(count);
  rest_ = rest_.subspan(count);
  return out;
}

Outcome Reader::expect(BytesView wanted) {
  const auto found = TRY(take(wanted.size()));
  if (!std::equal(found.begin(), found.end(), wanted.begin()))
    return Error{Code::invalid_input, "unexpected bytes"};
  return {};
}

Outcome Reader::end() const {
  if (!rest_.empty()) return Error{Code::invalid_input, "input goes on past its end"};
  return {};
}

Writer& Writer::u8(std::uint8_t value) {
  put_big_endian(out_, value, 1);
  return *this;
}
Writer& Writer::u16(std::uint16_t value) {
  put_big_endian(out_, value, 2);
  return *this;
}
Writer& Writer::u32(std::uint32_t value) {
  put_big_endian(out_, value, 4);
  return *this;
}
Writer& Writer::u64(std::uint64_t value) {
  put_big_endian(out_, value, 8);
  return *this;
}
Writer& Writer::raw(BytesView view) {
  append(out_, view);
  return *this;
}

}  // namespace sp::bytes
