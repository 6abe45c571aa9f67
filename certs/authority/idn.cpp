#include "certs/authority/idn.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/log/log.h"

namespace sp::certs {
namespace {

using CodePoints = std::vector<std::uint32_t>;

Error refused(std::string_view label, std::string_view why) {
  return Error{Code::invalid_input,
               log::escaped(label) + " cannot be part of a domain name: " + std::string{why}};
}

bool may_stand_in_a_name(std::uint32_t point) {
  if (point == '-') return true;
  switch (::utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
      return true;
    default:
      return false;
  }
}

/// Lower case first, composed afterwards.
Result<CodePoints> mapped(std::string_view label) {
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE);
  const auto lower = [](utf8proc_int32_t point, void*) { return ::utf8proc_tolower(point); };
  utf8proc_uint8_t* out = nullptr;
  const auto size = ::utf8proc_map_custom(reinterpret_cast<const utf8proc_uint8_t*>(label.data()),
                                          static_cast<utf8proc_ssize_t>(label.size()), &out,
                                          options, lower, nullptr);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner{out, &std::free};
  if (size < 0) return refused(label, "it is not text that Unicode knows");
  CodePoints points;
  for (utf8proc_ssize_t at = 0; at < size;) {
    utf8proc_int32_t point = 0;
    at += ::utf8proc_iterate(out + at, size - at, &point);
    points.push_back(static_cast<std::uint32_t>(point));
  }
  return points;
}

// RFC 3492 section 5.
constexpr std::uint32_t base = 36;
constexpr std::uint32_t t_min = 1;
constexpr std::uint32_t t_max = 26;
constexpr std::uint32_t skew = 38;
constexpr std::uint32_t damp = 700;

std::uint32_t adapted(std::uint32_t delta, std::uint32_t count, bool first) {
  delta = first ? delta / damp : delta / 2;
  delta += delta / count;
  std::uint32_t k = 0;
  for (; delta > (base - t_min) * t_max / 2; k += base) delta /= base - t_min;
  return k + (base - t_min + 1) * delta / (delta + skew);
}

char digit(std::uint32_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + value - 26);
}

void append_number(std::string& out, std::uint32_t q, std::uint32_t bias) {
  for (std::uint32_t k = base;; k += base) {
    const auto t = k <= bias ? t_min : std::min(k - bias, t_max);
    if (q < t) break;
    out += digit(t + (q - t) % (base - t));
    q = (q - t) / (base - t);
  }
  out += digit(q);
}

/// RFC 3492 section 6.3. A label of at most 253 bytes cannot overflow 32 bits before it is refused
/// for its length, but for the first step, which is checked.
std::string punycode(const CodePoints& points) {
  std::string out;
  for (const auto point : points)
    if (point < 0x80) out += static_cast<char>(point);
  auto handled = static_cast<std::uint32_t>(out.size());
  const auto basic = handled;
  if (basic > 0) out += '-';
  std::uint32_t n = 0x80;
  std::uint32_t delta = 0;
  std::uint32_t bias = 72;
  while (handled < points.size()) {
    std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
    for (const auto point : points)
      if (point >= n) least = std::min(least, point);
    delta += (least - n) * (handled + 1);  // at most 0x10FFFF * 254
    n = least;
    for (const auto point : points) {
      if (point < n) ++delta;
      if (point != n) continue;
      append_number(out, delta, bias);
      bias = adapted(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
    ++delta;
    ++n;
  }
  return out;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

Result<std::string> to_a_label(std::string_view label) {
  if (is_ascii(label)) {
    std::string lower{label};
    std::ranges::transform(lower, lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return lower;
  }
  if (label.size() > 253 || !bytes::is_utf8(label)) return refused(label, "it is no UTF-8 text");
  const auto points = TRY(mapped(label));
  if (!std::ranges::all_of(points, may_stand_in_a_name))
    return refused(label, "only letters, digits and hyphens can");
  if (std::ranges::all_of(points, [](auto point) { return point < 0x80; })) {
    std::string ascii;  // full-width letters, for example
    for (const auto point : points) ascii += static_cast<char>(point);
    return ascii;
  }
  auto encoded = "xn--" + punycode(points);
  if (encoded.size() > 63) return refused(label, "it becomes longer than 63 characters");
  return encoded;
}

}  // namespace sp::certs
