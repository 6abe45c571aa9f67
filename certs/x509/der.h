#pragma once
// DER (ITU-T X.690) as certificates use it: a cursor over elements that checks every length.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes/bytes.h"

namespace sp::certs::der {

inline constexpr std::uint8_t boolean = 0x01;
inline constexpr std::uint8_t integer = 0x02;
inline constexpr std::uint8_t bit_string = 0x03;
inline constexpr std::uint8_t octet_string = 0x04;
inline constexpr std::uint8_t null = 0x05;
inline constexpr std::uint8_t object_identifier = 0x06;
inline constexpr std::uint8_t utf8_string = 0x0C;
inline constexpr std::uint8_t printable_string = 0x13;
inline constexpr std::uint8_t teletex_string = 0x14;
inline constexpr std::uint8_t ia5_string = 0x16;
inline constexpr std::uint8_t utc_time = 0x17;
inline constexpr std::uint8_t generalized_time = 0x18;
inline constexpr std::uint8_t visible_string = 0x1A;
inline constexpr std::uint8_t bmp_string = 0x1E;
inline constexpr std::uint8_t sequence = 0x30;
inline constexpr std::uint8_t set = 0x31;
/// The tag of [number], primitive or constructed.
constexpr std::uint8_t context(unsigned number, bool constructed = false) {
  return static_cast<std::uint8_t>(0x80U | (constructed ? 0x20U : 0U) | number);
}

struct Element {
  std::uint8_t tag = 0;
  BytesView content;
  BytesView whole;  ///< with tag and length
};

/// Reads elements one after another. Nothing is copied: the views live as long as what is read.
class Reader {
 public:
  explicit Reader(BytesView view) : rest_(view) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// Whether the next element has this tag.
  [[nodiscard]] bool sees(std::uint8_t tag) const;
  /// The next element; nothing at the end, or when it does not hold together (a length beyond the
  /// end or not in its shortest form, a tag of several bytes).
  std::optional<Element> next();
  /// The content of the next element if it has this tag; else nothing, and nothing is read.
  std::optional<BytesView> take(std::uint8_t tag);

 private:
  BytesView rest_;
};

/// All elements in `content`; nothing when one of them does not hold together.
std::optional<std::vector<Element>> children(BytesView content);
/// The elements of the one SEQUENCE that `whole` consists of.
std::optional<std::vector<Element>> sequence_of(BytesView whole);

/// "2.5.29.17"; empty when it is no object identifier.
std::string oid_text(BytesView content);
/// A small INTEGER; nothing when it is empty or has more than four bytes.
std::optional<std::int64_t> small_integer(BytesView content);

}  // namespace sp::certs::der
