#include "base/limiter/limiter.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>

#include "base/openssl/crypto.h"

namespace sp {
namespace {
constexpr std::size_t ways = 4;  // entries that one key may stand in
}

Limiter::Limiter(Rate rate, std::size_t entries, Random& random)
    : rate_(rate), seed_(random.secret(16)), entries_(entries) {
  ensure(std::has_single_bit(entries) && entries >= ways);
}

std::uint64_t Limiter::tag_of(BytesView key) const {
  const auto digest = openssl::sha256({seed_.expose(), key});
  std::uint64_t tag = 0;
  for (std::size_t i = 0; i < sizeof tag; ++i)
    tag = (tag << 8U) | std::to_integer<std::uint64_t>(digest[i]);
  return tag | 1U;  // 0 is an unused entry
}

std::size_t Limiter::set_of(std::uint64_t tag) const {
  return (tag >> 8U) & (entries_.size() / ways - 1);
}

std::optional<Duration> Limiter::blocked(BytesView key, Instant now) const {
  const auto tag = tag_of(key);
  const std::scoped_lock lock{mutex_};
  const auto set = std::span{entries_}.subspan(set_of(tag) * ways, ways);
  const auto found = std::ranges::find(set, tag, &Entry::tag);
  if (found == set.end()) return std::nullopt;
  const Duration ahead{found->due - to_millis(now)};
  const Duration allowed = rate_.every * (rate_.burst - 1);
  if (ahead <= allowed) return std::nullopt;
  return ahead - allowed;
}

void Limiter::spend(BytesView key, Instant now) {
  const auto tag = tag_of(key);
  const std::scoped_lock lock{mutex_};
  const auto set = std::span{entries_}.subspan(set_of(tag) * ways, ways);
  auto entry = std::ranges::find(set, tag, &Entry::tag);
  if (entry == set.end()) {
    entry = std::ranges::min_element(set, {}, &Entry::due);
    *entry = Entry{.tag = tag, .due = 0};
  }
  entry->due = std::max(entry->due, to_millis(now)) + rate_.every.count();
}

namespace {

std::string ipv4_network(const unsigned char* octets) {
  return std::to_string(octets[0]) + "." + std::to_string(octets[1]) + "." +
         std::to_string(octets[2]) + ".0/24";
}

std::string ipv6_network(in6_addr address) {
  std::fill(std::begin(address.s6_addr) + 6, std::end(address.s6_addr), std::uint8_t{0});
  std::array<char, INET6_ADDRSTRLEN> out{};
  ::inet_ntop(AF_INET6, &address, out.data(), out.size());
  return std::string{out.data()} + "/48";
}

}  // namespace

std::string source_network(std::string_view address) {
  const std::string text{address.substr(0, INET6_ADDRSTRLEN)};
  in_addr four{};
  if (::inet_pton(AF_INET, text.c_str(), &four) == 1)
    return ipv4_network(reinterpret_cast<const unsigned char*>(&four.s_addr));
  in6_addr six{};
  if (::inet_pton(AF_INET6, text.c_str(), &six) != 1) return "unknown";
  if (IN6_IS_ADDR_V4MAPPED(&six)) return ipv4_network(six.s6_addr + 12);
  return ipv6_network(six);
}

}  // namespace sp
