#include "certs/x509/der.h"

namespace sp::certs::der {
namespace {

constexpr unsigned number(std::byte byte) {
  return std::to_integer<unsigned>(byte);
}

}  // namespace

bool Reader::sees(std::uint8_t tag) const {
  return !rest_.empty() && number(rest_.front()) == tag;
}

std::optional<Element> Reader::next() {
  if (rest_.size() < 2 || (number(rest_[0]) & 0x1FU) == 0x1FU) return std::nullopt;
  std::size_t head = 2;
  std::size_t size = number(rest_[1]);
  if (size >= 0x80) {
    const std::size_t count = size & 0x7FU;
    if (count == 0 || count > 4 || rest_.size() < 2 + count) return std::nullopt;
    size = 0;
    for (std::size_t i = 0; i < count; ++i) size = size << 8U | number(rest_[2 + i]);
    if (size < 0x80 || size >> (8 * (count - 1)) == 0) return std::nullopt;
    head += count;
  }
  if (rest_.size() - head < size) return std::nullopt;
  const Element element{static_cast<std::uint8_t>(rest_[0]), rest_.subspan(head, size),
                        rest_.first(head + size)};
  rest_ = rest_.subspan(head + size);
  return element;
}

std::optional<BytesView> Reader::take(std::uint8_t tag) {
  if (!sees(tag)) return std::nullopt;
  const auto before = rest_;
  if (const auto element = next()) return element->content;
  rest_ = before;
  return std::nullopt;
}

std::optional<std::vector<Element>> children(BytesView content) {
  std::vector<Element> all;
  Reader reader{content};
  while (!reader.at_end()) {
    const auto element = reader.next();
    if (!element) return std::nullopt;
    all.push_back(*element);
  }
  return all;
}

std::optional<std::vector<Element>> sequence_of(BytesView whole) {
  Reader reader{whole};
  const auto content = reader.take(sequence);
  if (!content || !reader.at_end()) return std::nullopt;
  return children(*content);
}

std::string oid_text(BytesView content) {
  std::string text;
  std::uint64_t arc = 0;
  for (const auto byte : content) {
    if (arc >> 56U != 0) return {};
    arc = arc << 7U | (number(byte) & 0x7FU);
    if ((number(byte) & 0x80U) != 0) continue;
    if (text.empty()) {
      const std::uint64_t first = arc < 80 ? arc / 40 : 2;
      text = std::to_string(first) + "." + std::to_string(arc - first * 40);
    } else {
      text += "." + std::to_string(arc);
    }
    arc = 0;
  }
  return content.empty() || (number(content.back()) & 0x80U) != 0 ? std::string{} : text;
}

std::optional<std::int64_t> small_integer(BytesView content) {
  if (content.empty() || content.size() > 4) return std::nullopt;
  std::int64_t value = (number(content[0]) & 0x80U) != 0 ? -1 : 0;
  for (const auto byte : content) value = value * 256 + static_cast<std::int64_t>(number(byte));
  return value;
}

}  // namespace sp::certs::der
